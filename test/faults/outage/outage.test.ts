import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { SourceReport } from "../programs/span-source.ts";
import { kill, SinkProcess, SourceProcess } from "./processes.ts";

// A million spans in a minute; AGENT_OTEL_LONG_FAULTS=1 for ten minutes of outage.
const PER_SECOND = 16_700;
const OUTAGE_MS = process.env["AGENT_OTEL_LONG_FAULTS"] === "1" ? 600_000 : 60_000;
/** Until the heap of a program that makes so many spans has its size. */
const WARM_UP_MS = 8_000;
const TOTAL = (PER_SECOND * (WARM_UP_MS + OUTAGE_MS)) / 1_000;
const MOST_HEAP_MIB = 64;
const MOST_RSS_MIB = 96;
const DRAINED_WITHIN_MS = 60_000;
const TIMEOUT = { timeout: OUTAGE_MS + 240_000 };

interface Course {
  readonly unique: number;
  readonly duplicates: number;
  readonly heapMib: number;
  readonly rssMib: number;
  readonly drainMs: number;
}

type Fault = "killed" | "stopped" | "slow";

/** After a warm-up the receiver is away until all spans are made; then the directory has to become empty. */
async function course(fault: Fault): Promise<Course> {
  const directory = await mkdtemp(join(tmpdir(), "agent-otel-outage-"));
  const notes = join(directory, "received");
  // Slow from the beginning: that is no outage, but more spans a second than one request at a time can carry.
  const sink = await SinkProcess.start({ notes, latencyMs: fault === "slow" ? 300 : 0 });
  let back: SinkProcess | undefined;
  try {
    await using source = new SourceProcess({
      url: sink.url,
      directory: join(directory, "spool"),
      exporter: "durable",
      total: TOTAL,
      perSecond: PER_SECOND,
    });
    await setTimeout(WARM_UP_MS);
    await source.mark();
    if (fault === "killed") await kill(sink.child);
    if (fault === "stopped") sink.child.kill("SIGSTOP");
    await source.made;
    const { heapDelta, rssDelta } = await source.report();
    const backMs = performance.now();
    if (fault === "killed") back = await SinkProcess.start({ port: sink.port, notes });
    if (fault === "stopped") sink.child.kill("SIGCONT");
    while (left(await source.report()) > 0) await setTimeout(100);
    const { unique, duplicates } = await (back ?? sink).report();
    const drainMs = performance.now() - backMs;
    return { unique, duplicates, heapMib: heapDelta / 2 ** 20, rssMib: rssDelta / 2 ** 20, drainMs };
  } finally {
    await kill(sink.child);
    if (back !== undefined) await kill(back.child);
    await rm(directory, { recursive: true, force: true });
  }
}

function left({ counts }: SourceReport): number {
  return counts === undefined ? 0 : counts.inSpool + counts.inMemory;
}

const FAULTS: readonly (readonly [Fault, string])[] = [
  ["killed", "is killed"],
  ["stopped", "is stopped, with its port open"],
  ["slow", "takes 300 ms for each answer"],
];

describe.concurrent(`a receiver that for ${OUTAGE_MS / 1_000} s, at ${PER_SECOND} spans/s,`, () => {
  it.for(FAULTS)("%s", TIMEOUT, async ([fault, what], { expect }) => {
    const { unique, duplicates, heapMib, rssMib, drainMs } = await course(fault);
    const sizes = `heap ${heapMib.toFixed(1)} MiB, RSS ${rssMib.toFixed(1)} MiB more`;
    console.log(
      `${what}: ${TOTAL - unique} of ${TOTAL} spans lost, ${duplicates} twice; ${sizes}; drained in ${Math.round(drainMs)} ms`,
    );
    expect(unique, "spans that arrived").toBe(TOTAL);
    expect(heapMib, "heap after a collection").toBeLessThan(MOST_HEAP_MIB);
    expect(rssMib, "RSS at its peak").toBeLessThan(MOST_RSS_MIB);
    expect(drainMs, "time until all had arrived").toBeLessThan(DRAINED_WITHIN_MS);
  });
});

describe("the stock exporter, as a control", () => {
  it("loses spans in an outage of ten seconds", { timeout: 60_000 }, async () => {
    const sink = await SinkProcess.start();
    try {
      await using source = new SourceProcess({
        url: sink.url,
        exporter: "stock",
        total: PER_SECOND * 12,
        perSecond: PER_SECOND,
      });
      await setTimeout(1_000);
      sink.child.kill("SIGSTOP");
      await setTimeout(10_000);
      sink.child.kill("SIGCONT");
      await source.made;
      await source.stop();
      const { unique } = await sink.report();
      console.log(`stock: ${PER_SECOND * 12 - unique} of ${PER_SECOND * 12} spans lost`);
      expect(unique).toBeLessThan(PER_SECOND * 12);
    } finally {
      await kill(sink.child);
    }
  });
});
