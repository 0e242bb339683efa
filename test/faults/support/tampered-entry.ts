/** Entries that fill all columns, and some that fill few. */
export function entry(i: number) {
  const all = {
    from: "closed",
    to: "open",
    cause: "bad \ufffd byte – ü😀",
    errorType: "APIError",
    actor: "jane",
  };
  const ids = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" };
  return {
    kind: i % 2 === 0 ? "failure" : "transition",
    // No two rows say the same, or swapping them would change nothing.
    subject: `agent-${i}`,
    // Every third is bare: absence must be protected as well.
    ...(i % 3 === 0 ? {} : { ...all, ...ids, payload: { i, text: "\ufffd\ufffd", list: [1, "", null] } }),
  };
}
