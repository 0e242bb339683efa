import { randomBytes } from "node:crypto";

/** One trace of two spans as OTLP/JSON, as a program in any language may send it: an agent and the model that it asked. */
export function twoSpanTrace(): { readonly traceId: string; readonly body: string } {
  const traceId = randomBytes(16).toString("hex");
  const root = randomBytes(8).toString("hex");
  const end = BigInt(Date.now()) * 1_000_000n;
  const span = (
    spanId: string,
    parentSpanId: string | undefined,
    name: string,
    attributes: Record<string, string>,
  ) => ({
    traceId,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name,
    kind: 1,
    startTimeUnixNano: String(end - 50_000_000n),
    endTimeUnixNano: String(end),
    attributes: Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } })),
    status: {},
  });
  const spans = [
    span(root, undefined, "invoke_agent clerk", {
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": "clerk",
    }),
    span(randomBytes(8).toString("hex"), root, "chat some-model", {
      "gen_ai.operation.name": "chat",
      "gen_ai.agent.name": "clerk",
      "gen_ai.request.model": "some-model",
    }),
  ];
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "office" } }] };
  return {
    traceId,
    body: JSON.stringify({
      resourceSpans: [{ resource, scopeSpans: [{ scope: { name: "other" }, spans }] }],
    }),
  };
}

/** @returns Whether the collector said that it has it. */
export async function send(collector: string, body: string): Promise<boolean> {
  try {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${collector}/v1/traces`, { method: "POST", headers, body });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
