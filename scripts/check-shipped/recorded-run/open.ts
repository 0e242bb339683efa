import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BlocksOptions, blocksOf, timesOf } from "./blocks.ts";
import { prometheusApi } from "./prometheus-api.ts";
import type { RecordedRun } from "./recorded-run.ts";
import { startPrometheus } from "./server.ts";

/** Starts a Prometheus on a copy of the recorded run. */
export async function openRecordedRun(
  options: BlocksOptions,
): Promise<RecordedRun & { readonly url: string }> {
  const blocks = await blocksOf(options);
  const data = mkdtempSync(join(tmpdir(), "agent-otel-recorded-run-"));
  cpSync(blocks, data, { recursive: true });
  const server = await startPrometheus(join(options.programs, "prometheus"), data);
  return {
    ...prometheusApi(server.url, ...timesOf(blocks)),
    url: server.url,
    async close() {
      await server.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}
