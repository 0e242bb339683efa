import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { kill, SinkProcess } from "./outage/processes.ts";
import { GatewaySource, numbersIn } from "./programs/gateway-runs.ts";
import { type GatewaySourceOptions, SPANS_PER_TRACE } from "./programs/gateway-source.ts";

const TRACES = process.env["AGENT_OTEL_LONG_FAULTS"] === "1" ? 100_000 : 10_000;
const PER_SECOND = 2_000;
const ENDPOINTS = 3;

interface Counted {
  readonly accepted: number;
  readonly lost: number;
  readonly twice: number;
  /** Traces with spans at more than one endpoint. */
  readonly torn: number;
  readonly failovers: number;
}

/** One endpoint after the other is killed and started again while traces are sent; in between the sender is killed, too. */
async function killInTurn(exporter: GatewaySourceOptions["exporter"], killSender: boolean): Promise<Counted> {
  const folder = mkdtempSync(join(tmpdir(), "agent-otel-gateways-"));
  const notes = Array.from({ length: ENDPOINTS }, (_, i) => join(folder, `endpoint-${i}`));
  const sinks = await Promise.all(notes.map((file) => SinkProcess.start({ notes: file, latencyMs: 2 })));
  const options = {
    ...{
      exporter,
      urls: sinks.map(({ url }) => url),
      directory: join(folder, "spool"),
      acks: join(folder, "acks"),
    },
    ...{ failoverAfterMs: 300, perSecond: PER_SECOND },
  };
  try {
    const half = TRACES / 2;
    let failovers = 0;
    for (const first of [0, half]) {
      await using source = new GatewaySource({ ...options, first, traces: half });
      for (let turn = 0; turn < ENDPOINTS; turn++) {
        await source.until((half * (turn + 0.5)) / (ENDPOINTS + 1));
        await kill(sinks[turn]!.child);
        failovers = Math.max(failovers, (await source.report()).counts?.failovers ?? 0);
        if (killSender && first === 0 && turn === ENDPOINTS - 1) await kill(source.child);
        await setTimeout(900);
        sinks[turn] = await SinkProcess.start({ notes: notes[turn]!, port: sinks[turn]!.port, latencyMs: 2 });
      }
      if (source.child.signalCode !== null) continue;
      await source.made;
      failovers = Math.max(failovers, (await source.report()).counts?.failovers ?? 0);
    }
    await using last = new GatewaySource({ ...options, exporter: "durable", first: TRACES, traces: 0 });
    await last.delivered();
    return count(options.acks, notes, failovers);
  } finally {
    for (const { child } of sinks) await kill(child);
    rmSync(folder, { recursive: true, force: true });
  }
}

function count(acks: string, notes: readonly string[], failovers: number): Counted {
  const arrived = notes.map(numbersIn);
  const accepted = new Set(numbersIn(acks));
  const seen = new Set(arrived.flat());
  const traceOf = (span: bigint) => (span - 1n) / BigInt(SPANS_PER_TRACE);
  const places = arrived.map((spans) => new Set(spans.map(traceOf)));
  const traces = new Set([...accepted].map(traceOf));
  return {
    accepted: accepted.size,
    lost: accepted.difference(seen).size,
    twice: arrived.flat().length - seen.size,
    torn: [...traces].filter((trace) => places.filter((place) => place.has(trace)).length > 1).length,
    failovers,
  };
}

function show(name: string, { accepted, lost, twice, torn, failovers }: Counted): void {
  console.log(
    `${name}: ${lost} of ${accepted} accepted spans lost, ${twice} twice, ${torn} traces at more than one endpoint, ` +
      `${failovers} requests by another endpoint`,
  );
}

describe(`${TRACES.toLocaleString("en-US")} traces to ${ENDPOINTS} endpoints that are killed in turn`, () => {
  it("lose no span, and few traces are torn", async () => {
    const result = await killInTurn("durable", false);
    show("by trace, with a queue for each", result);
    expect(result).toMatchObject({ accepted: TRACES * SPANS_PER_TRACE, lost: 0 });
    expect(result.failovers).toBeGreaterThan(0);
    expect(result.torn).toBeLessThan(TRACES / 10);
  });

  it("lose none either that the exporter had accepted where the sender is killed as well", async () => {
    const result = await killInTurn("durable", true);
    show("the sender killed, too", result);
    expect(result.accepted).toBeGreaterThan((TRACES * SPANS_PER_TRACE) / 2);
    expect(result.lost).toBe(0);
  });

  it("would be seen: one after the other in turn, without a queue, loses what nobody took, and tears traces", async () => {
    const result = await killInTurn("naive", false);
    show("naive", result);
    expect(result.torn).toBeGreaterThan(TRACES / 4);
    expect(result.lost).toBeGreaterThan(0);
  });
});
