import { join } from "node:path";
import { parseArgs } from "node:util";
import { dashboardsOf } from "../../scripts/check-shipped/grafana/dashboard.ts";
import { readShipped } from "../../scripts/check-shipped/shipped.ts";
import { makeTools } from "../../scripts/check-shipped/tools/make-tools.ts";
import { installPreview } from "../../scripts/check-shipped/tools/preview-install.ts";
import { CHECKOUT } from "../../scripts/stack-parts/paths.ts";
import { buildPage } from "./page.ts";
import { servePreview } from "./serve.ts";

const say = (line: string) => console.error(line);

/** Shows the dashboards with the recorded run until it is interrupted. `--port N`; any that is free by default. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: "string", default: "0" } } });
  const shipped = readShipped(CHECKOUT);
  const recorded = join(CHECKOUT, "test/fixtures/recorded-run.openmetrics.gz");
  const tools = makeTools({ shipped, recorded, say });
  installPreview(say);
  const page = await buildPage();
  const preview = await servePreview({
    page,
    shipped,
    run: await tools.recordedRun(),
    port: Number(values.port),
  });
  for (const { uid } of dashboardsOf(shipped)) console.log(`${preview.url}/?board=${uid}&theme=dark`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void preview.close().then(() => tools.close()));
  }
}

await main();
