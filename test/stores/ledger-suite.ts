import { randomUUID } from "node:crypto";
import { afterEach, expect, it } from "vitest";
import type { Ledger, LedgerRow } from "../../src/stores/ledger/ledger.ts";
import type { LedgerOptions } from "../../src/stores/ledger/ledger-options.ts";
import { INJECTIONS } from "./injections.ts";

/** @param place Two ledgers of one place are the same rows, seen by two writers. Another place is empty at first. */
export type OpenLedger = (place: string, options?: LedgerOptions) => Promise<Ledger>;

/** Tests that a driver may leave out, each with its reason. */
export type LedgerSkips = Partial<Record<"two writers", string>>;

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const SPAN_ID = "b7ad6b7169203331";

/** What every ledger does, whatever it is kept in. */
export function ledgerSuite(open: OpenLedger, skip: LedgerSkips = {}): void {
  const opened: Ledger[] = [];
  const openNew = async (options?: LedgerOptions, place: string = randomUUID()) => {
    const ledger = await open(place, { policy: "fail_closed", groupMs: 0, ...options });
    opened.push(ledger);
    return ledger;
  };
  const unless = (name: keyof LedgerSkips) => (skip[name] === undefined ? it : it.skip);

  afterEach(async () => {
    for (const ledger of opened.splice(0)) await ledger.close();
  });

  it("is empty at first, and valid", async () => {
    const ledger = await openNew();
    const head = { seq: 0, hash: "0".repeat(64) };
    expect(await ledger.head()).toEqual(head);
    expect(await ledger.read()).toEqual([]);
    expect(await ledger.summary()).toEqual({ rows: 0, kinds: [], subjects: [] });
    expect(await ledger.verify({ anchor: head })).toEqual({ valid: true, rows: 0, head });
  });

  it("gives back every field of an entry as it was handed in", async () => {
    const ledger = await openNew({
      clock: { now: () => 1_750_000_000_123, monotonic: () => performance.now() },
    });
    const entry = {
      kind: "transition",
      subject: "researcher",
      from: "closed",
      to: "open",
      cause: "the model is overloaded: 503 – später",
      errorType: "APIError",
      traceId: TRACE_ID,
      spanId: SPAN_ID,
      actor: "jane@example.org",
      payload: { failures: 5, rate: 0.5, nested: [true, null, "ü€😀"], none: {} },
    };
    const row = await ledger.append(entry);
    expect(row).toMatchObject({ ...entry, seq: 1, atMs: 1_750_000_000_123, prevHash: "0".repeat(64) });
    expect(row?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await ledger.read()).toEqual([row]);
    expect(await ledger.head()).toEqual({ seq: 1, hash: row?.hash });
  });

  it("leaves out what an entry does not have, and tells it from what is empty", async () => {
    const ledger = await openNew();
    await ledger.append({ kind: "failure", subject: "a", cause: "" });
    const [row] = await ledger.read();
    expect(Object.keys(row!).sort()).toEqual(["atMs", "cause", "hash", "kind", "prevHash", "seq", "subject"]);
    expect(row?.cause).toBe("");
  });

  it("numbers entries from 1 without gaps, in the order they were handed in", async () => {
    const ledger = await openNew({ groupRows: 7 });
    const rows = await Promise.all(
      numbers(100).map((i) => ledger.append({ kind: "failure", subject: `s${i}` })),
    );
    expect(rows.map((row) => row?.seq)).toEqual(numbers(100).map((i) => i + 1));
    expect(rows.map((row) => row?.subject)).toEqual(numbers(100).map((i) => `s${i}`));
    expect(await ledger.verify()).toMatchObject({ valid: true, rows: 100 });
  });

  it("chains each row to the one before", async () => {
    const ledger = await openNew({ groupRows: 3 });
    await Promise.all(numbers(10).map(() => ledger.append({ kind: "failure", subject: "same" })));
    const rows = await ledger.read();
    for (const [i, row] of rows.slice(0, -1).entries()) expect(row.prevHash).toBe(rows[i + 1]!.hash);
    expect(new Set(rows.map((row) => row.hash)).size).toBe(10);
  });

  it("reads newest first, by kind, by subject, and page by page", async () => {
    const ledger = await openNew();
    const kinds = ["failure", "transition"];
    await Promise.all(
      numbers(20).map((i) => ledger.append({ kind: kinds[i % 2]!, subject: i % 3 === 0 ? "a" : "b" })),
    );
    const seqs = async (query: object) => (await ledger.read(query)).map((row) => row.seq);
    expect(await seqs({ limit: 3 })).toEqual([20, 19, 18]);
    expect(await seqs({ limit: 3, before: 18 })).toEqual([17, 16, 15]);
    expect(await seqs({ subject: "a" })).toEqual([19, 16, 13, 10, 7, 4, 1]);
    expect(await seqs({ kind: "transition", subject: "a", before: 16 })).toEqual([10, 4]);
    expect(await seqs({ subject: "nobody" })).toEqual([]);
    expect(await seqs({ before: 1 })).toEqual([]);
  });

  it("gives 100 rows where no limit is named, and refuses limits that make no sense", async () => {
    const ledger = await openNew();
    await Promise.all(numbers(120).map(() => ledger.append({ kind: "failure", subject: "a" })));
    expect(await ledger.read()).toHaveLength(100);
    for (const limit of [0, -1, 1.5, 10_001, Number.NaN, "5; DROP TABLE ledger"])
      await expect(ledger.read({ limit: limit as number })).rejects.toThrow(/^ledger: limit must be .* got /);
    await expect(ledger.read({ before: "1 OR 1=1" as never })).rejects.toThrow(/^ledger: before must be/);
    await expect(ledger.read({ kind: { $ne: 1 } as never })).rejects.toThrow(
      /^ledger: kind must be a string/,
    );
  });

  it("sums up by kind and by subject", async () => {
    let now = 1_000;
    const ledger = await openNew({ clock: { now: () => now++, monotonic: () => performance.now() } });
    for (const [kind, subject] of [
      ["failure", "a"],
      ["failure", "a"],
      ["transition", "a"],
      ["operator", "b"],
    ] as const)
      await ledger.append({ kind, subject });
    expect(await ledger.summary()).toEqual({
      rows: 4,
      firstAtMs: 1_000,
      lastAtMs: 1_003,
      kinds: [
        { kind: "failure", rows: 2 },
        { kind: "operator", rows: 1 },
        { kind: "transition", rows: 1 },
      ],
      subjects: [
        { subject: "a", rows: 3, failures: 2, transitions: 1, lastAtMs: 1_002 },
        { subject: "b", rows: 1, failures: 0, transitions: 0, lastAtMs: 1_003 },
      ],
    });
  });

  it("keeps no secrets, in any field", async () => {
    const ledger = await openNew();
    const key = "sk-proj-abcDEF1234567890abcdef";
    await ledger.append({
      kind: `k ${key}`,
      subject: `s ${key}`,
      from: key,
      to: key,
      cause: `401: wrong key ${key}`,
      errorType: key,
      actor: `jane ${key}`,
      payload: { note: key, password: "hunter2", [key]: 1, deep: [{ authorization: "Bearer abc.def.123" }] },
    });
    const text = JSON.stringify(await ledger.read());
    expect(text).toContain("[redacted]");
    for (const secret of [key, "hunter2", "abc.def"]) expect(text).not.toContain(secret);
  });

  it("cuts long texts, and finds a long subject under its whole name", async () => {
    const ledger = await openNew();
    const long = "long ".repeat(1_000);
    const row = await ledger.append({ kind: long, subject: long, from: long, cause: long, actor: long });
    const lengths = [row!.kind, row!.subject, row!.from!, row!.cause!, row!.actor!].map(
      (text) => text.length,
    );
    expect(lengths).toEqual([64, 128, 64, 256, 128]);
    expect(await ledger.read({ kind: long, subject: long })).toEqual([row]);
  });

  it("keeps any text that JavaScript can hold, and verifies it", async () => {
    const ledger = await openNew();
    const odd = [
      "\0",
      "a\0b",
      "\ud800",
      "x\udfff",
      "\u2028\n\r\t",
      "\u202e",
      "😀".repeat(80),
      "-",
      "0:",
      "1:-\n",
    ];
    for (const text of odd)
      await ledger.append({ kind: text, subject: text, from: text, cause: text, payload: { [text]: text } });
    expect(await ledger.verify()).toMatchObject({ valid: true, rows: odd.length });
    const rows = await ledger.read();
    expect(
      rows.every((row) => [row.kind, row.subject, row.cause!].every((text) => text.isWellFormed())),
    ).toBe(true);
  });

  it("takes ids of traces and spans only", async () => {
    const ledger = await openNew();
    const row = await ledger.append({
      kind: "failure",
      subject: "a",
      traceId: "'; --",
      spanId: SPAN_ID.toUpperCase(),
    });
    expect(row).not.toHaveProperty("traceId");
    expect(row).not.toHaveProperty("spanId");
  });

  it(`treats ${INJECTIONS.length} injection payloads as text, in every field and query`, async () => {
    const ledger = await openNew();
    for (const [i, text] of INJECTIONS.entries()) {
      const entry = {
        kind: text,
        subject: text,
        from: text,
        to: text,
        errorType: text,
        actor: text,
        cause: text,
      };
      const row = await ledger.append({ ...entry, traceId: text, spanId: text, payload: { [text]: text } });
      expect(row).toMatchObject({ seq: i + 1, subject: text, kind: text });
      expect((await ledger.read({ subject: text, kind: text })).map(({ seq }) => seq)).toEqual([i + 1]);
    }
    expect(await ledger.read({ kind: "nothing' OR 'a'='a" })).toEqual([]);
    expect(await ledger.verify()).toMatchObject({ valid: true, rows: INJECTIONS.length });
  });

  it("reads payloads with names of prototypes without touching one", async () => {
    const ledger = await openNew();
    const json =
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"a":[{"__proto__":{"b":1}}],"c":1}';
    await ledger.append({ kind: "failure", subject: "a", payload: JSON.parse(json) });
    const [row] = await ledger.read();
    expect(row?.payload).toEqual({ a: [{}], c: 1 });
    expect(Object.hasOwn(row?.payload as object, "__proto__")).toBe(false);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("finds that its end was cut off, and that it is another ledger, by an anchor", async () => {
    const ledger = await openNew();
    const [first, second] = [await append(ledger), await append(ledger)];
    expect(await ledger.verify({ anchor: first })).toMatchObject({ valid: true, rows: 2 });
    expect(await ledger.verify({ anchor: second })).toMatchObject({ valid: true, rows: 2 });
    const cut = { seq: 3, hash: second.hash };
    expect(await ledger.verify({ anchor: cut })).toEqual({
      valid: false,
      rows: 2,
      firstBreak: { kind: "truncated", seq: 3 },
    });
    const other = { seq: 1, hash: "a".repeat(64) };
    expect(await ledger.verify({ anchor: other })).toEqual({
      valid: false,
      rows: 0,
      firstBreak: { kind: "rewritten", seq: 1 },
    });
  });

  it.each([
    [{ seq: -1, hash: "0".repeat(64) }],
    [{ seq: 1, hash: "abc" }],
    [{ seq: 1.5, hash: "0".repeat(64) }],
  ])("refuses %o as an anchor", async (anchor) => {
    const ledger = await openNew();
    await expect(ledger.verify({ anchor })).rejects.toThrow(/^ledger: anchor must be what head\(\) gave/);
  });

  it.each([
    [{ subject: "a" }, "ledger: kind must be a string that is not empty, got undefined"],
    [{ kind: "", subject: "a" }, 'ledger: kind must be a string that is not empty, got ""'],
    [{ kind: "failure", subject: 5 }, "ledger: subject must be a string that is not empty, got number"],
  ])("refuses the entry %o, and records nothing for it", async (entry, message) => {
    const ledger = await openNew();
    await expect(ledger.append(entry as never)).rejects.toThrow(message);
    ledger.record(entry as never);
    ledger.record(undefined as never);
    await append(ledger);
    expect(await ledger.head()).toMatchObject({ seq: 1 });
  });

  it("writes what was recorded before it closes, and can be closed twice", async () => {
    const place = randomUUID();
    const ledger = await openNew({ groupMs: 10_000 }, place);
    for (const i of numbers(600)) ledger.record({ kind: "failure", subject: `s${i}` });
    expect(ledger.counts()).toEqual({ waiting: 600, written: 0, dropped: 0 });
    await Promise.all([ledger.close(), ledger.close()]);
    expect(ledger.counts()).toEqual({ waiting: 0, written: 600, dropped: 0 });
    const again = await openNew({}, place);
    expect(await again.verify()).toMatchObject({ valid: true, rows: 600 });
  });

  it("refuses entries once it is closed", async () => {
    const ledger = await openNew();
    await ledger.close();
    await expect(append(ledger)).rejects.toMatchObject({ code: "ledger_write" });
    ledger.record({ kind: "failure", subject: "late" });
    expect(ledger.counts()).toEqual({ waiting: 0, written: 0, dropped: 2 });
  });

  unless("two writers")("keeps one chain when two writers take turns", async () => {
    const place = randomUUID();
    const writers = [await openNew({ groupRows: 5 }, place), await openNew({ groupRows: 5 }, place)];
    const rows = await Promise.all(numbers(200).map((i) => append(writers[i % 2]!)));
    expect(rows.map((row) => row.seq).sort((a, b) => a - b)).toEqual(numbers(200).map((i) => i + 1));
    expect(await writers[0]!.verify({ anchor: await writers[1]!.head() })).toMatchObject({
      valid: true,
      rows: 200,
    });
  });
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i);
}

async function append(ledger: Ledger): Promise<LedgerRow> {
  return (await ledger.append({ kind: "failure", subject: "a" }))!;
}
