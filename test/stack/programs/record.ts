// Records the run of everything.ts that test/fixtures/recorded-run.openmetrics.gz is: metrics without rules, at a fixed time.
// Usage: node test/stack/programs/record.ts [PORT]
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { root } from "../../contract/source-files.ts";
import { runEverything } from "../support/dashboard-run.ts";
import { openMetricsText, recordedSeries, writeRecording } from "../support/recording.ts";
import { stackUp } from "../support/stack.ts";

const stack = await stackUp(Number(process.argv[2] ?? 25_430), []);
try {
  const run = await runEverything(stack);
  // Gauges and rates want some scrapes after the last call.
  await wait(60_000);
  const series = await recordedSeries(stack.endpoint("prometheus", "http"), 30);
  await run.end();
  mkdirSync(join(root, "test/fixtures"), { recursive: true });
  writeRecording(join(root, "test/fixtures/recorded-run.openmetrics.gz"), openMetricsText(series));
  const samples = series.reduce((sum, { values }) => sum + values.length, 0);
  console.log(`${series.length} series, ${samples} samples`);
} finally {
  await stack.down();
}
