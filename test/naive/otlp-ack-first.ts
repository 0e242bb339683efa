import type { TelemetryBatch, TelemetrySink } from "../../src/server/telemetry-store/telemetry-batch.ts";

const EVERY_MS = 50;

/** Says yes when the batch is in memory, and writes it a moment later. */
export function ackFirst(store: TelemetrySink): TelemetrySink {
  let waiting: TelemetryBatch[] = [];
  setInterval(() => {
    const batches = waiting;
    waiting = [];
    for (const batch of batches) void store.add(batch);
  }, EVERY_MS);
  return {
    async add(batch) {
      waiting.push(batch);
    },
  };
}
