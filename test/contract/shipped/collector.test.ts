import { describe, expect, it } from "vitest";
import * as semconv from "../../../src/telemetry/semconv.ts";
import { section, strings, text, type Yaml, yaml } from "./files.ts";

const config = yaml("collector/config.yaml");
const manifest = yaml("collector/builder.yaml");
const pipelines = Object.entries(section(config, "service", "pipelines")).map(
  ([name, pipeline]) => [name, section(pipeline)] as const,
);
const connectors = Object.keys(section(config, "connectors"));
const ids = (kind: string) => Object.keys(section(config, kind));
const inPipelines = (role: string) => pipelines.flatMap(([, pipeline]) => strings(pipeline[role]));

/** `span_metrics` is made by the module spanmetricsconnector, `file_storage` by filestorage: names differ in `_` only. */
const inBinary = (kind: string, id: string) =>
  (Array.isArray(manifest[kind]) ? manifest[kind] : []).some((entry: Yaml) => {
    const module = String(entry["gomod"]).split(" ")[0]?.split("/").at(-1);
    const type = id.split("/")[0]!.replaceAll("_", "");
    return module === type || module === `${type}${kind.slice(0, -1)}`;
  });

describe("collector/config.yaml", () => {
  it.each(pipelines)("pipeline %s names only what is declared", (_, pipeline) => {
    expect([...ids("receivers"), ...connectors]).toEqual(
      expect.arrayContaining([...strings(pipeline["receivers"])]),
    );
    expect(ids("processors")).toEqual(expect.arrayContaining([...strings(pipeline["processors"])]));
    expect([...ids("exporters"), ...connectors]).toEqual(
      expect.arrayContaining([...strings(pipeline["exporters"])]),
    );
  });

  it.each(["receivers", "processors", "exporters"])("uses all %s it declares", (kind) => {
    expect(inPipelines(kind)).toEqual(expect.arrayContaining(ids(kind)));
  });

  it("starts exactly the extensions it declares", () => {
    expect([...strings(section(config, "service")["extensions"])].sort()).toEqual(ids("extensions").sort());
  });

  it.each(connectors)("connector %s has a pipeline on both ends", (id) => {
    expect(inPipelines("exporters")).toContain(id);
    expect(inPipelines("receivers")).toContain(id);
  });

  it.each(
    ["receivers", "processors", "exporters", "connectors", "extensions"].flatMap((kind) =>
      ids(kind).map((id) => [kind, id] as const),
    ),
  )("%s: %s is in builder.yaml", (kind, id) => {
    expect(inBinary(kind, id)).toBe(true);
  });

  it("keeps everything in the queue on disk until Jaeger has it, however old it is", () => {
    const jaeger = section(config, "exporters", "otlp_http/jaeger");
    expect(section(jaeger, "retry_on_failure")).toMatchObject({ enabled: true, max_elapsed_time: "0s" });
    expect(section(jaeger, "sending_queue")).toMatchObject({ enabled: true, block_on_overflow: true });
    expect(ids("extensions")).toContain(section(jaeger, "sending_queue")["storage"]);
  });

  it("has no batch processor before that queue, since it would lose what it had acknowledged", () => {
    const before = pipelines.filter(([, pipeline]) =>
      strings(pipeline["exporters"]).includes("otlp_http/jaeger"),
    );
    expect(before).not.toEqual([]);
    for (const [, pipeline] of before) {
      expect(strings(pipeline["processors"]).filter((id) => /^batch(\/|$)/.test(id))).toEqual([]);
    }
  });

  it.each(pipelines.filter(([, pipeline]) => strings(pipeline["receivers"]).includes("otlp")))(
    "pipeline %s checks its memory first",
    (_, pipeline) => {
      expect(strings(pipeline["processors"])[0]).toBe("memory_limiter");
    },
  );

  it("limits every input", () => {
    const protocols = section(config, "receivers", "otlp", "protocols");
    expect(section(protocols, "http")["max_request_body_size"]).toBeGreaterThan(0);
    expect(section(protocols, "grpc")["max_recv_msg_size_mib"]).toBeGreaterThan(0);
    expect(section(config, "connectors", "span_metrics")["aggregation_cardinality_limit"]).toBeGreaterThan(0);
    expect(section(config, "processors", "deltatocumulative")["max_streams"]).toBeGreaterThan(0);
  });

  it("listens on loopback unless told otherwise", () => {
    const addresses = text("collector/config.yaml").match(/\b(?:endpoint|host): .*$/gm) ?? [];
    expect(addresses.length).toBeGreaterThan(5);
    for (const address of addresses) expect(address).toMatch(/:-(http:\/\/)?127\.0\.0\.1/);
  });

  it("asks for attributes that the package writes", () => {
    const asked = new Set(text("collector/config.yaml").match(/\bgen_ai\.[a-z_]+(\.[a-z_]+)+\b/g));
    expect(Object.values(semconv)).toEqual(expect.arrayContaining([...asked]));
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

describe("collector/builder.yaml", () => {
  it.each(["receivers", "processors", "exporters", "connectors", "extensions"])(
    "builds only the %s in use",
    (kind) => {
      const used = new Set(ids(kind).map((id) => id.split("/")[0]));
      expect(manifest[kind]).toHaveLength(used.size);
    },
  );

  it("takes every component at the version of the collector", () => {
    const version = section(manifest, "dist")["version"];
    const modules = text("collector/builder.yaml").match(/gomod: .*$/gm) ?? [];
    for (const module of modules.filter((line) => !line.includes("/confmap/"))) {
      expect(module).toMatch(new RegExp(` v${String(version)}$`));
    }
  });
});
