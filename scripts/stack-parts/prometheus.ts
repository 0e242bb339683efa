import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GO } from "./go.ts";
import { answers } from "./health.ts";
import { type Part, type Place, StackError } from "./part.ts";
import { CHECKOUT } from "./paths.ts";

const MODULE = "github.com/prometheus/prometheus";
/** As a module 0.315.0; Prometheus itself calls it 3.15.0. */
const MODULE_VERSION = "v0.315.0";
export const PROMETHEUS_VERSION = "3.15.0";

/** Without exemplars there is no way from a slow call to its trace; without start times a lone failure shows as 0. */
export const PROMETHEUS_FEATURES = "exemplar-storage,created-timestamp-zero-ingestion";

export const prometheus: Part = {
  name: "prometheus",
  needs: [GO],
  ports: [{ name: "http", number: 9090 }],
  recipe: {
    version: PROMETHEUS_VERSION,
    inputs: () => [MODULE, MODULE_VERSION, "remove_all_sd,netgo, prometheus and promtool"],
    // The tags leave out the discovery of every cloud: half the build. promtool checks and tests alert rules.
    async build({ work, out, go }) {
      const programs = ["prometheus", "promtool"].map((name) => `${MODULE}/cmd/${name}`);
      writeFileSync(join(work, "go.mod"), "module agent-otel/prometheus\n");
      await go(work, "get", "-tool", ...programs.map((path) => `${path}@${MODULE_VERSION}`));
      await go(
        work,
        "build",
        "-mod=mod",
        "-tags=remove_all_sd,netgo",
        "-trimpath",
        "-ldflags=-s -w",
        "-o",
        `${out}/`,
        ...programs,
      );
    },
  },
  prepare: (place) => writeFileSync(configFile(place), withAddresses(place)),
  command: (place) => ({
    file: join(place.program, "prometheus"),
    args: [
      `--config.file=${configFile(place)}`,
      `--storage.tsdb.path=${join(place.data, "tsdb")}`,
      `--web.listen-address=${place.address("prometheus", "http")}`,
      `--enable-feature=${PROMETHEUS_FEATURES}`,
      "--web.enable-remote-write-receiver", // for gateways
    ],
  }),
  ready: (place, signal) => answers(`http://${place.address("prometheus", "http")}/-/ready`, signal),
};

const configFile = (place: Place) => join(place.config, "prometheus.yaml");

/** Prometheus reads no environment, so the shipped file's host names (those of docker-compose.yml) are replaced. */
function withAddresses(place: Place): string {
  const replacements = {
    "collector:8889": place.address("collector", "metrics"),
    "collector:8890": place.address("collector", "span-metrics"),
    "collector:8888": place.address("collector", "telemetry"),
    "jaeger:8888": place.address("jaeger", "telemetry"),
    "prometheus:9090": place.address("prometheus", "http"),
    "alertmanager:9093": place.address("alertmanager", "http"),
    "rules/": `${process.env["AGENT_OTEL_STACK_RULES"] || join(CHECKOUT, "collector/rules")}/`,
    ...intervals(process.env["AGENT_OTEL_STACK_INTERVAL"]),
  };
  let text = readFileSync(join(CHECKOUT, "collector/prometheus.yaml"), "utf8");
  for (const [shipped, ours] of Object.entries(replacements)) {
    if (!text.includes(shipped)) throw new StackError(`collector/prometheus.yaml no longer names ${shipped}`);
    text = text.replaceAll(shipped, ours);
  }
  return text;
}

/** Scrapes and evaluations of a test that cannot wait, such as `1s`. */
function intervals(interval: string | undefined): Record<string, string> {
  if (!interval) return {};
  return {
    "scrape_interval: 5s": `scrape_interval: ${interval}`,
    "evaluation_interval: 5s": `evaluation_interval: ${interval}`,
  };
}
