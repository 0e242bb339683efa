import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import * as semconv from "../../../src/telemetry/semconv.ts";
import { section, strings, text, type Yaml, yaml } from "./files.ts";

const FILES = ["collector/config.yaml", "collector/gateway.yaml", "collector/gateway-router.yaml"] as const;
const KINDS = ["receivers", "processors", "exporters", "connectors", "extensions"] as const;
type Kind = (typeof KINDS)[number];

/** As the collector reads it where the environment says nothing. */
const inForce = (name: string): Yaml => section(parse(withDefaults(text(name)), { merge: true }));
const withDefaults = (source: string) => source.replace(/\$\{env:[A-Z_]+:-([^}]*)\}/g, "$1");

const config = inForce("collector/config.yaml");
const gateway = inForce("collector/gateway.yaml");
const manifest = yaml("collector/builder.yaml");
const pipelinesOf = (file: Yaml) =>
  Object.entries(section(file, "service", "pipelines")).map(
    ([name, pipeline]) => [name, section(pipeline)] as const,
  );
const idsOf = (file: Yaml, kind: Kind) => Object.keys(section(file, kind));
const inPipelines = (file: Yaml, role: string) =>
  pipelinesOf(file).flatMap(([, pipeline]) => strings(pipeline[role]));
/** What a file declares for an environment that asks for it. */
const ON_DEMAND = ["otlp_http/gateway"];
/** Put on a span or a resource by one processor and taken off by another, or summed away. */
const OWN = ["agents.service", "agents.resource", "agents.edge"];
/** What the shipped program cannot have; see gateway-router.yaml. */
const NOT_BUILT = ["loadbalancing"];

/** `span_metrics` is made by the module spanmetricsconnector, `file_storage` by filestorage: names differ in `_` only. */
const inBinary = (kind: Kind, id: string) => {
  const entries: readonly Yaml[] = Array.isArray(manifest[kind]) ? manifest[kind] : [];
  return entries.some((entry) => {
    const module = String(entry["gomod"]).split(" ")[0]?.split("/").at(-1);
    const type = id.split("/")[0]!.replaceAll("_", "");
    return module === type || module === `${type}${kind.slice(0, -1)}`;
  });
};

describe.each(FILES)("%s", (name) => {
  const file = inForce(name);
  const connectors = idsOf(file, "connectors");

  it.each(pipelinesOf(file))("pipeline %s names only what is declared", (_, pipeline) => {
    for (const kind of ["receivers", "processors", "exporters"] as const) {
      expect([...idsOf(file, kind), ...connectors]).toEqual(
        expect.arrayContaining([...strings(pipeline[kind])]),
      );
    }
  });

  it.each(["receivers", "processors", "exporters"] as const)("uses all %s it declares", (kind) => {
    const declared = idsOf(file, kind).filter((id) => !ON_DEMAND.includes(id));
    expect(inPipelines(file, kind)).toEqual(expect.arrayContaining(declared));
  });

  it("starts exactly the extensions it declares", () => {
    expect([...strings(section(file, "service")["extensions"])].sort()).toEqual(
      idsOf(file, "extensions").sort(),
    );
  });

  it("gives each connector a pipeline on both ends", () => {
    for (const id of connectors) {
      expect(inPipelines(file, "exporters")).toContain(id);
      expect(inPipelines(file, "receivers")).toContain(id);
    }
  });

  it("uses what is in builder.yaml, or says that it cannot", () => {
    for (const kind of KINDS) {
      for (const id of idsOf(file, kind))
        expect([id, inBinary(kind, id)]).toEqual([id, !NOT_BUILT.includes(id)]);
    }
    const unbuilt = idsOf(file, "exporters").some((id) => NOT_BUILT.includes(id));
    expect(text(name).includes("unproven: checked by schema only")).toBe(unbuilt);
  });

  it.each(pipelinesOf(file).filter(([, pipeline]) => strings(pipeline["receivers"]).includes("otlp")))(
    "pipeline %s checks its memory first",
    (_, pipeline) => {
      expect(strings(pipeline["processors"])[0]).toBe("memory_limiter");
    },
  );

  it("keeps spans in a queue on disk until they are delivered, however old they are", () => {
    const exporters = pipelinesOf(file)
      .filter(([id]) => id.startsWith("traces"))
      .flatMap(([, pipeline]) => strings(pipeline["exporters"]))
      .filter((id) => !connectors.includes(id));
    expect(exporters).not.toEqual([]);
    for (const id of exporters) {
      const exporter = section(file, "exporters", id);
      expect(section(exporter, "retry_on_failure")).toMatchObject({ enabled: true, max_elapsed_time: "0s" });
      expect(section(exporter, "sending_queue")).toMatchObject({ enabled: true, block_on_overflow: true });
      expect(idsOf(file, "extensions")).toContain(section(exporter, "sending_queue")["storage"]);
    }
  });

  it("has no batch processor before that queue, since it would lose what it had acknowledged", () => {
    for (const [, pipeline] of pipelinesOf(file)) {
      if (strings(pipeline["exporters"]).every((id) => connectors.includes(id))) continue;
      expect(strings(pipeline["processors"]).filter((id) => /^batch(\/|$)/.test(id))).toEqual([]);
    }
  });

  it("limits every input", () => {
    const protocols = section(file, "receivers", "otlp", "protocols");
    expect(section(protocols, "http")["max_request_body_size"]).toBeGreaterThan(0);
    expect(section(protocols, "grpc")["max_recv_msg_size_mib"]).toBeGreaterThan(0);
  });

  it("listens on loopback unless told otherwise", () => {
    const addresses = text(name).match(/\b(?:endpoint|host|hostname): .*$/gm) ?? [];
    expect(addresses.length).toBeGreaterThan(4);
    for (const address of addresses) expect(address).toMatch(/:-(http:\/\/)?127\.0\.0\.1/);
  });

  it("names the variable of its queue's folder in what the collector says when it cannot use it", () => {
    const [id = ""] = idsOf(file, "extensions").filter((each) => each.startsWith("file_storage"));
    const variable = id.slice("file_storage/".length);
    expect(text(name)).toMatch(new RegExp(`^ {4}directory: \\$\\{env:${variable}:-`, "m"));
  });

  it("asks for attributes and events that the package writes", () => {
    const asked = new Set(
      text(name).match(/(?<=")(gen_ai|agents)\.[a-z_]+(\.[a-z_]+)*(?=")|\bgen_ai\.[a-z_]+(\.[a-z_]+)+\b/g),
    );
    expect(Object.values(semconv)).toEqual(
      expect.arrayContaining([...asked].filter((each) => !OWN.includes(each))),
    );
  });
});

describe("collector/config.yaml", () => {
  it("bounds the series that it derives", () => {
    expect(section(config, "connectors", "span_metrics")["aggregation_cardinality_limit"]).toBeGreaterThan(0);
    for (const id of ["deltatocumulative", "deltatocumulative/edges"]) {
      expect(section(config, "processors", id)["max_streams"]).toBeGreaterThan(0);
    }
  });

  it("lets an app's own metrics go with it, and keeps derived ones for a day", () => {
    expect(section(config, "exporters", "prometheus/sdk")["metric_expiration"]).toBe("10m");
    expect(section(config, "exporters", "prometheus/spans")["metric_expiration"]).toBe("24h");
  });

  it("derives series under the job that the SDK's own have", () => {
    const keys = ["service.name", "service.namespace"];
    expect(section(config, "connectors", "span_metrics")["resource_metrics_key_attributes"]).toEqual(keys);
    const metrics = section(config, "connectors", "signal_to_metrics")["spans"];
    expect(metrics).toHaveLength(3);
    for (const metric of Array.isArray(metrics) ? metrics.map((each) => section(each)) : []) {
      const resource = metric["include_resource_attributes"];
      expect(Array.isArray(resource) ? resource.map((each) => section(each)["key"]) : []).toEqual(keys);
    }
  });

  it("compares where it works on each span, since a regular expression costs several times as much", () => {
    const statements = JSON.stringify(
      idsOf(config, "processors")
        .map((id) => section(config, "processors", id))
        .map(({ trace_statements, traces }) => [trace_statements, traces]),
    );
    expect(statements).toContain("gen_ai.operation.name");
    expect(statements + JSON.stringify(section(config, "connectors"))).not.toContain("IsMatch");
  });

  it("measures in seconds, with exemplars, and Jaeger is told so", () => {
    expect(section(config, "connectors", "span_metrics", "histogram")["unit"]).toBe("s");
    expect(section(config, "connectors", "span_metrics", "exemplars")["enabled"]).toBe(true);
    const backends = section(
      yaml("collector/jaeger.yaml"),
      "extensions",
      "jaeger_storage",
      "metric_backends",
    );
    expect(section(backends, "prometheus", "prometheus")["latency_unit"]).toBe("s");
  });
});

describe("collector/gateway.yaml", () => {
  it.each(["transform/agent_service", "groupbyattrs/agent_service", "transform/rename_service"])(
    "does the same as config.yaml in %s",
    (id) => {
      expect(section(gateway, "processors", id)).toEqual(section(config, "processors", id));
    },
  );

  it("decides about whole traces: sampling comes before agents become services", () => {
    const [[, traces] = []] = pipelinesOf(gateway).filter(([name]) => name === "traces");
    const processors = strings(traces?.["processors"]);
    expect(processors.slice(0, 2)).toEqual(["memory_limiter", "tail_sampling"]);
  });

  it("derives no metric from spans that sampling has left", () => {
    expect(idsOf(gateway, "connectors")).toEqual([]);
  });

  it("remembers ten times as many decisions as it holds traces", () => {
    const sampling = section(gateway, "processors", "tail_sampling");
    for (const size of Object.values(section(sampling, "decision_cache"))) {
      expect(size).toBeGreaterThanOrEqual(10 * Number(sampling["num_traces"]));
    }
  });

  it("lets the environment set every threshold and folder", () => {
    const source = text("collector/gateway.yaml");
    for (const setting of [
      "decision_wait",
      "num_traces",
      "threshold_ms",
      "sampling_percentage",
      "directory",
    ]) {
      expect(source).toMatch(new RegExp(`\\b${setting}: "?\\$\\{env:`));
    }
  });
});

describe("collector/builder.yaml", () => {
  it.each(KINDS)("builds only the %s in use", (kind) => {
    const ids = FILES.flatMap((name) => idsOf(inForce(name), kind));
    const used = new Set(ids.filter((id) => !NOT_BUILT.includes(id)).map((id) => id.split("/")[0]));
    expect(manifest[kind]).toHaveLength(used.size);
  });

  it("takes every component at the version of the collector", () => {
    const version = section(manifest, "dist")["version"];
    const modules = text("collector/builder.yaml").match(/gomod: .*$/gm) ?? [];
    for (const module of modules.filter((line) => !line.includes("/confmap/"))) {
      expect(module).toMatch(new RegExp(` v${String(version)}$`));
    }
  });
});
