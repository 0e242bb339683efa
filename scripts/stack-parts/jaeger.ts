import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GO } from "./go.ts";
import { answers } from "./health.ts";
import { moduleFolder } from "./module-folder.ts";
import type { Part } from "./part.ts";
import { CHECKOUT } from "./paths.ts";

const MODULE = "github.com/jaegertracing/jaeger";
/** The last tag the module has under this path; Jaeger itself calls the same commit 2.13.0. */
const MODULE_VERSION = "v1.76.0";
export const JAEGER_VERSION = "2.13.0";

export const jaeger: Part = {
  name: "jaeger",
  needs: [GO],
  ports: [
    { name: "ui", number: 16686 },
    { name: "query-grpc", number: 16685, scheme: "" },
    { name: "otlp-http", number: 14318 },
    { name: "otlp-grpc", number: 14317, scheme: "" },
    { name: "telemetry", number: 18888 },
    { name: "health", number: 13134 },
  ],
  recipe: {
    version: JAEGER_VERSION,
    inputs: () => [MODULE, MODULE_VERSION, "go.mod of the module itself"],
    // `go install` refuses a module that has replacements, so its go.mod becomes ours. The web page is not in the
    // module and stays a placeholder; the API is complete.
    async build({ work, out, go }) {
      writeFileSync(join(work, "go.mod"), "module agent-otel/jaeger\n");
      const sources = await moduleFolder(go, work, `${MODULE}@${MODULE_VERSION}`);
      copyFileSync(join(sources, "go.mod"), join(work, "go.mod"));
      copyFileSync(join(sources, "go.sum"), join(work, "go.sum"));
      await go(work, "mod", "edit", "-module=agent-otel/jaeger", `-require=${MODULE}@${MODULE_VERSION}`);
      await go(
        work,
        "build",
        "-mod=mod",
        "-trimpath",
        "-ldflags=-s -w",
        "-o",
        join(out, "jaeger"),
        `${MODULE}/cmd/jaeger`,
      );
    },
  },
  command: (place) => {
    const [host, port] = place.address("jaeger", "telemetry").split(":");
    return {
      file: join(place.program, "jaeger"),
      args: ["--config", join(CHECKOUT, "collector/jaeger.yaml")],
      env: {
        AGENT_OTEL_JAEGER_UI_ENDPOINT: place.address("jaeger", "ui"),
        AGENT_OTEL_JAEGER_QUERY_GRPC_ENDPOINT: place.address("jaeger", "query-grpc"),
        AGENT_OTEL_JAEGER_OTLP_HTTP_ENDPOINT: place.address("jaeger", "otlp-http"),
        AGENT_OTEL_JAEGER_OTLP_GRPC_ENDPOINT: place.address("jaeger", "otlp-grpc"),
        AGENT_OTEL_JAEGER_TELEMETRY_HOST: host!,
        AGENT_OTEL_JAEGER_TELEMETRY_PORT: port!,
        AGENT_OTEL_JAEGER_HEALTH_ENDPOINT: place.address("jaeger", "health"),
        AGENT_OTEL_JAEGER_PROMETHEUS_URL: `http://${place.address("prometheus", "http")}`,
      },
    };
  },
  ready: (place, signal) => answers(`http://${place.address("jaeger", "health")}/status`, signal),
};
