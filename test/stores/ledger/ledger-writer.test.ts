import { beforeEach, describe, expect, it } from "vitest";
import { EMPTY_HEAD, type LinkedEntry, link } from "../../../src/stores/ledger/chain.ts";
import type { CleanEntry } from "../../../src/stores/ledger/clean-entry.ts";
import { checkLedgerOptions, type LedgerOptions } from "../../../src/stores/ledger/ledger-options.ts";
import { ledgerWriter } from "../../../src/stores/ledger/ledger-writer.ts";
import { ManualTimers } from "./manual-timers.ts";

const ENTRY = { kind: "failure", subject: "a" };

describe("writing in groups", () => {
  let time: ManualTimers;
  let groups: number[];
  let rows: LinkedEntry[];
  let trouble: "none" | "busy" | Error;

  beforeEach(() => {
    time = new ManualTimers();
    groups = [];
    rows = [];
    trouble = "none";
  });

  const write = (entries: readonly CleanEntry[]) => {
    if (trouble instanceof Error) throw trouble;
    if (trouble === "busy") return "busy" as const;
    groups.push(entries.length);
    const linked = link(entries, rows.at(-1) ?? EMPTY_HEAD);
    rows.push(...linked);
    return linked;
  };
  const writer = (options: LedgerOptions = {}) =>
    ledgerWriter(
      { write },
      checkLedgerOptions({ clock: time.clock, after: time.after, ...options }),
      () => {},
    );
  const record = (ledger: ReturnType<typeof writer>, count: number) => {
    for (let i = 0; i < count; i++) ledger.record(ENTRY);
  };

  it("writes at once after a quiet time, and what follows within 50 ms in one group", () => {
    const ledger = writer();
    record(ledger, 1);
    time.advance(0);
    expect(groups).toEqual([1]);
    record(ledger, 5);
    time.advance(20);
    record(ledger, 5);
    time.advance(29);
    expect(groups).toEqual([1]);
    time.advance(1);
    expect(groups).toEqual([1, 10]);
  });

  it("does not wait once 256 are there", () => {
    const ledger = writer();
    record(ledger, 1);
    time.advance(0);
    record(ledger, 255);
    time.advance(1);
    expect(groups).toEqual([1]);
    record(ledger, 1);
    time.advance(0);
    expect(groups).toEqual([1, 256]);
  });

  it("keeps the process alive for an append, and not for a record", async () => {
    const ledger = writer();
    record(ledger, 1);
    expect(time.waiting).toBe(1);
    expect(time.holds).toBe(false);
    const appended = ledger.append(ENTRY);
    expect(time.waiting).toBe(1);
    expect(time.holds).toBe(true);
    time.advance(0);
    await appended;
    expect(time.waiting).toBe(0);
  });

  it("resolves an append after its commit, and not before", async () => {
    const ledger = writer();
    let row: unknown;
    const appended = ledger.append(ENTRY).then((got) => {
      row = got;
    });
    await Promise.resolve();
    expect(row).toBeUndefined();
    time.advance(0);
    await appended;
    expect(row).toMatchObject({ seq: 1, kind: "failure" });
  });

  it("tries a locked store again soon, and gives up after 10 s", async () => {
    const ledger = writer({ policy: "fail_closed" });
    trouble = "busy";
    const first = ledger.append(ENTRY);
    time.advance(9_000);
    trouble = "none";
    time.advance(20);
    await expect(first).resolves.toMatchObject({ seq: 1 });
    trouble = "busy";
    const second = ledger.append(ENTRY);
    time.advance(10_100);
    await expect(second).rejects.toMatchObject({
      code: "ledger_write",
      message: "Audit ledger: the entry was not written: another process holds its lock",
    });
  });

  it("fails open: an append of a failing store gives undefined, and is counted", async () => {
    const ledger = writer();
    trouble = new Error("disk full");
    const appended = ledger.append(ENTRY);
    time.advance(0);
    await expect(appended).resolves.toBeUndefined();
    expect(ledger.counts()).toEqual({ waiting: 0, written: 0, dropped: 1 });
  });

  it("fails closed: an append of a failing store throws, with the cause", async () => {
    const ledger = writer({ policy: "fail_closed" });
    trouble = new Error("disk full");
    const appended = ledger.append(ENTRY);
    time.advance(0);
    await expect(appended).rejects.toMatchObject({ code: "ledger_write", cause: trouble });
  });

  it("keeps recorded entries while the store fails, and writes them in order when it is back", () => {
    const ledger = writer();
    trouble = new Error("disk full");
    record(ledger, 300);
    time.advance(20_000);
    expect(ledger.counts()).toEqual({ waiting: 300, written: 0, dropped: 0 });
    trouble = "none";
    time.advance(30_000);
    expect(groups).toEqual([256, 44]);
    expect(ledger.counts()).toEqual({ waiting: 0, written: 300, dropped: 0 });
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
  });

  it("tells an append at once while others wait for the store to come back", async () => {
    const ledger = writer({ policy: "fail_closed" });
    trouble = new Error("disk full");
    record(ledger, 1_000);
    time.advance(5_000);
    const appended = ledger.append(ENTRY);
    time.advance(50);
    await expect(appended).rejects.toMatchObject({ code: "ledger_write" });
    expect(ledger.counts()).toEqual({ waiting: 1_000, written: 0, dropped: 1 });
  });

  it("holds at most its buffer, counts the rest, and never throws", async () => {
    const ledger = writer({ bufferRows: 10 });
    trouble = new Error("disk full");
    record(ledger, 25);
    await expect(ledger.append(ENTRY)).resolves.toBeUndefined();
    expect(ledger.counts()).toEqual({ waiting: 10, written: 0, dropped: 16 });
    const closed = writer({ bufferRows: 1, policy: "fail_closed" });
    record(closed, 1);
    await expect(closed.append(ENTRY)).rejects.toThrow("its buffer is full (bufferRows 1)");
  });

  it("does not wait for more entries when it closes", async () => {
    const ledger = writer();
    record(ledger, 1);
    time.advance(0);
    record(ledger, 1);
    const closed = ledger.close();
    time.advance(0);
    await closed;
    expect(groups).toEqual([1, 1]);
  });

  it("closes also where the store fails, and counts what is lost", async () => {
    const ledger = writer();
    trouble = new Error("disk full");
    record(ledger, 3);
    const closed = ledger.close();
    time.advance(50);
    await closed;
    expect(ledger.counts()).toEqual({ waiting: 0, written: 0, dropped: 3 });
    expect(time.waiting).toBe(0);
  });

  it("leaves no listener behind", () => {
    const listeners = () => [process.listenerCount("exit"), process.listenerCount("beforeExit")];
    const [exit, beforeExit] = listeners();
    const ledger = writer();
    record(ledger, 3);
    expect(listeners()).toEqual([exit! + 1, beforeExit! + 1]);
    time.advance(0);
    expect(listeners()).toEqual([exit, beforeExit]);
  });

  it("takes a copy: what the caller changes later changes no row", async () => {
    const ledger = writer();
    const payload = { a: 1 };
    const appended = ledger.append({ ...ENTRY, payload });
    payload.a = 2;
    time.advance(0);
    await expect(appended).resolves.toMatchObject({ payload: { a: 1 } });
  });

  it.each([
    [{ policy: "open" as never }, 'ledger: policy must be "fail_open" or "fail_closed", got "open"'],
    [{ groupMs: -1 }, "ledger: groupMs must be a whole number from 0 to 10000, got -1"],
    [{ groupRows: Number.NaN }, "ledger: groupRows must be a whole number from 1 to 10000, got NaN"],
    [{ bufferRows: 0 }, "ledger: bufferRows must be a whole number from 1 to 1000000, got 0"],
  ])("refuses the options %o", (options, message) => {
    expect(() => checkLedgerOptions(options)).toThrow(message);
  });
});
