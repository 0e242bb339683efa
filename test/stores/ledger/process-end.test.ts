import { beforeEach, describe, expect, it } from "vitest";
import { EMPTY_HEAD, link } from "../../../src/stores/ledger/chain.ts";
import type { LedgerDriver } from "../../../src/stores/ledger/ledger-driver.ts";
import { checkLedgerOptions } from "../../../src/stores/ledger/ledger-options.ts";
import { ledgerWriter } from "../../../src/stores/ledger/ledger-writer.ts";
import { ManualTimers } from "./manual-timers.ts";

const ENTRY = { kind: "failure", subject: "a" };

describe("a ledger of a store that cannot write in the last turn of a process", () => {
  let time: ManualTimers;
  let groups: number[];
  let fails: boolean;

  beforeEach(() => {
    time = new ManualTimers();
    groups = [];
    fails = false;
  });

  const driver: LedgerDriver = {
    async write(entries) {
      groups.push(entries.length);
      if (fails) throw new Error("server away");
      return link(entries, EMPTY_HEAD);
    },
  };
  const recording = (count: number, options = {}) => {
    const given = { clock: time.clock, after: time.after, groupRows: 2, ...options };
    const ledger = ledgerWriter(driver, checkLedgerOptions(given), () => {});
    for (let i = 0; i < count; i++) ledger.record(ENTRY);
    return ledger;
  };
  /** As Node does when nothing keeps the process alive: as long as somebody starts something. */
  const runOut = async () => {
    for (let before = -1; before !== groups.length; ) {
      before = groups.length;
      process.emit("beforeExit", 0);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  it("writes all that waits, group by group, when nothing else keeps the process alive", async () => {
    const ledger = recording(5);
    await runOut();
    expect(groups).toEqual([2, 2, 1]);
    expect(ledger.counts()).toEqual({ waiting: 0, written: 5, dropped: 0 });
  });

  it("tries once more where the store fails, and then lets the process end", async () => {
    fails = true;
    const ledger = recording(5);
    await runOut();
    expect(groups).toEqual([2]);
    expect(ledger.counts().waiting).toBe(5);
    const closed = ledger.close();
    time.advance(1_000);
    await closed;
  });

  it("tries again for what was recorded after the last try", async () => {
    fails = true;
    const ledger = recording(1);
    await runOut();
    fails = false;
    ledger.record(ENTRY);
    await runOut();
    expect(ledger.counts()).toEqual({ waiting: 0, written: 2, dropped: 0 });
  });

  it("leaves it to the last turn where the store can write then", async () => {
    const sync: LedgerDriver = { ...driver, writeNow: () => {} };
    const given = { clock: time.clock, after: time.after };
    const ledger = ledgerWriter(sync, checkLedgerOptions(given), () => {});
    ledger.record(ENTRY);
    await runOut();
    expect(groups).toEqual([]);
    const closed = ledger.close();
    time.advance(0);
    await closed;
  });
});
