import { beforeEach, describe, expect, it } from "vitest";
import { EMPTY_HEAD, link } from "../../../src/stores/ledger/chain.ts";
import { LedgerMetrics } from "../../../src/stores/ledger/ledger-metrics.ts";
import { checkLedgerOptions } from "../../../src/stores/ledger/ledger-options.ts";
import { ledgerWriter } from "../../../src/stores/ledger/ledger-writer.ts";
import { MetricSources } from "../../../src/telemetry/metric-sources.ts";
import { ManualTimers } from "./manual-timers.ts";

const ENTRY = { kind: "failure", subject: "a" };

describe("what ledgers tell of themselves", () => {
  let time: ManualTimers;
  let sources: MetricSources;
  let metrics: LedgerMetrics;
  let fails: boolean;

  beforeEach(() => {
    time = new ManualTimers();
    sources = new MetricSources();
    metrics = new LedgerMetrics(sources);
    fails = false;
  });

  const open = () => {
    const write = (entries: Parameters<typeof link>[0]) => {
      if (fails) throw new Error("disk full");
      return link(entries, EMPTY_HEAD);
    };
    const options = checkLedgerOptions({ clock: time.clock, after: time.after, bufferRows: 10 });
    return ledgerWriter({ write }, options, () => {}, metrics);
  };
  const told = () =>
    Object.fromEntries(
      sources.collect().map(({ name, kind, points }) => {
        const [point] = points;
        return [name, [kind, point !== undefined && "value" in point ? point.value : undefined]];
      }),
    );
  const is = (rows: number, dropped: number, waiting: number) => ({
    "agents.ledger.rows": ["counter", rows],
    "agents.ledger.dropped": ["counter", dropped],
    "agents.ledger.waiting": ["gauge", waiting],
  });

  it("is nothing before the first is made", () => {
    expect(told()).toEqual({});
    open();
    expect(told()).toEqual(is(0, 0, 0));
  });

  it("adds up the rows that several have written, and that wait", () => {
    const [one, other] = [open(), open()];
    for (const ledger of [one, other, other]) ledger.record(ENTRY);
    expect(told()).toEqual(is(0, 0, 3));
    time.advance(100);
    expect(told()).toEqual(is(3, 0, 0));
  });

  it("counts what is lost: no room, a store that fails, a ledger that is closed", async () => {
    const ledger = open();
    fails = true;
    for (let i = 0; i < 12; i++) ledger.record(ENTRY);
    expect(told()).toEqual(is(0, 2, 10));
    const closed = ledger.close();
    time.advance(100);
    await closed;
    expect(told()).toEqual(is(0, 12, 0));
    ledger.record(ENTRY);
    expect(told()).toEqual(is(0, 13, 0));
  });

  it("keeps its totals when a ledger is closed", async () => {
    const ledger = open();
    ledger.record(ENTRY);
    time.advance(100);
    await ledger.close();
    expect(told()).toEqual(is(1, 0, 0));
    expect(sources.collect()).toHaveLength(3);
  });
});
