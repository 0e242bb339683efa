import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { otlpReceiver } from "../../../src/server/receiver/otlp-receiver.ts";
import { type TelemetryStore, telemetryStore } from "../../../src/server/telemetry-store/telemetry-store.ts";
import { ManualClock } from "../../../src/testing/manual-clock.ts";
import { fixture } from "../../foreign/replay.ts";
import { rowsOf, sumsOf, TRUTH } from "../../foreign/truth.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { requestOf, spanBody } from "../receiver/otlp-bodies.ts";
import { madeOf } from "./foreign-spans.ts";

const START_MS = Date.UTC(2026, 10, 21, 12);
const ALWAYS = { fromMs: 0, toMs: START_MS + 86_400_000 };

async function opened(): Promise<TelemetryStore> {
  const path = join(await temporaryFolder(), "telemetry.db");
  const store = telemetryStore({ clock: new ManualClock(START_MS + 2_000), groupMs: 0, path });
  onTestFinished(() => store.close());
  return store;
}

/** What all pages but that of one trace are made from. */
async function summedUp(store: TelemetryStore) {
  const rows = await store.sources.rollups.rows({ ...ALWAYS, sliceMs: 10_000 });
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    calls: sum(rows.map(({ calls }) => calls)),
    tokens: sum(rows.map(({ inputTokens, outputTokens }) => inputTokens + outputTokens)),
    costNanoUsd: sum(rows.map(({ costNanoUsd }) => costNanoUsd)),
  };
}

describe.each(Object.keys(TRUTH))("spans of %s in the store", (dialect) => {
  const truth = sumsOf(rowsOf(dialect));

  it.each(["json", "protobuf"] as const)(
    "are the calls, tokens and cost that they are in process (%s)",
    async (encoding) => {
      const store = await opened();
      const receive = otlpReceiver(store);
      const { spans } = madeOf(fixture(dialect), START_MS, "reporter");
      expect((await receive(requestOf(spanBody(encoding, spans)))).status).toBe(200);
      // With the call of the agent around them.
      expect(await summedUp(store)).toEqual({ ...truth, calls: truth.calls + 1 });
      const { items } = await store.sources.traces.search({ ...ALWAYS, order: "newest", limit: 10 });
      expect(items).toMatchObject([{ tokens: truth.tokens, cost_usd: truth.costNanoUsd / 1e9 }]);
    },
  );

  it("count once in requests of their own, which are sent twice", async () => {
    const store = await opened();
    const receive = otlpReceiver(store);
    const { spans } = madeOf(fixture(dialect), START_MS);
    for (const span of [...spans, ...spans]) await receive(requestOf(spanBody("protobuf", [span])));
    expect(await summedUp(store)).toEqual(truth);
  });
});
