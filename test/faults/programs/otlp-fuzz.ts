// Sends mutated bodies to a receiver with its store, and counts what must not happen. Arguments: how many, seed, `receiver` or `naive`.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { otlpReceiver } from "../../../src/server/receiver/otlp-receiver.ts";
import { telemetryStore } from "../../../src/server/telemetry-store/telemetry-store.ts";
import { believingReceiver } from "../../naive/otlp-decode-believing.ts";
import {
  type Body,
  logBody,
  madeSpans,
  metricBody,
  requestOf,
  spanBody,
} from "../../server/receiver/otlp-bodies.ts";
import { mutated, randomFrom, withFreshIds } from "../support/otlp-mutations.ts";

const AT_A_TIME = 16;
const HANG_MS = 1_000;
/** Of the code, and of what the store remembers. */
const WARM_UP = 2_000;

export interface FuzzReport {
  readonly bodies: number;
  /** By status; `thrown` where the handler rejected. */
  readonly answers: Readonly<Record<string, number>>;
  readonly hangs: number;
  readonly slowestMs: number;
  readonly rssGrowthMiB: number;
  readonly polluted: readonly string[];
  readonly spans: number;
}

if (import.meta.main) {
  const [count = "1000", seed = "1", kind = "receiver"] = process.argv.slice(2);
  const report = await fuzz(Number(count), Number(seed), kind);
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

async function fuzz(count: number, seed: number, kind: string): Promise<FuzzReport> {
  const folder = mkdtempSync(join(tmpdir(), "agent-otel-fuzz-"));
  const store = telemetryStore({ path: join(folder, "telemetry.db"), groupMs: 0 });
  const receive = kind === "naive" ? believingReceiver : otlpReceiver(store);
  const { bodies, ids } = await corpus();
  const random = randomFrom(seed);
  const before = Object.getOwnPropertyNames(Object.prototype);
  const answers: Record<string, number> = {};
  let [hangs, slowestMs, startRss, peakRss] = [0, 0, 0, 0];
  const next = (): Request => {
    const body = withFreshIds(bodies[Math.floor(random() * bodies.length)] as Body, ids, random);
    return requestOf({ ...body, bytes: mutated(body, random) });
  };
  const one = async (request: Request): Promise<void> => {
    const from = performance.now();
    const answer = await receive(request).then(
      async (response) => {
        await response.arrayBuffer();
        return String(response.status);
      },
      () => "thrown",
    );
    const ms = performance.now() - from;
    if (ms > HANG_MS) hangs += 1;
    slowestMs = Math.max(slowestMs, ms);
    answers[answer] = (answers[answer] ?? 0) + 1;
  };
  for (let done = 0; done < count; done += AT_A_TIME) {
    // Made before the first is sent: what it takes to make them is not the receiver's.
    const requests = Array.from({ length: Math.min(AT_A_TIME, count - done) }, next);
    await Promise.all(requests.map(one));
    if (done >= WARM_UP && startRss === 0) {
      globalThis.gc?.();
      startRss = process.memoryUsage.rss();
    }
    peakRss = Math.max(peakRss, process.memoryUsage.rss());
  }
  const report = {
    bodies: count,
    answers,
    hangs,
    slowestMs: Math.round(slowestMs),
    rssGrowthMiB: Math.round((peakRss - startRss) / 2 ** 20),
    polluted: Object.getOwnPropertyNames(Object.prototype).filter((name) => !before.includes(name)),
    spans: store.spans,
  };
  store.close();
  rmSync(folder, { recursive: true });
  return report;
}

async function corpus(): Promise<{ readonly bodies: readonly Body[]; readonly ids: readonly string[] }> {
  const spans = madeSpans(3);
  const ids = new Set(spans.flatMap((span) => [span.spanContext().traceId, span.spanContext().spanId]));
  const encodings = ["protobuf", "json"] as const;
  const bodies = encodings.map(async (encoding) => [
    spanBody(encoding, spans),
    spanBody(encoding, madeSpans(1, { nested: "x".repeat(200) })),
    await metricBody(encoding),
    logBody(encoding, spans[0]),
  ]);
  return { bodies: (await Promise.all(bodies)).flat(), ids: [...ids] };
}
