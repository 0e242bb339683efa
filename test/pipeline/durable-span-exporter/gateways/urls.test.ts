import { describe, expect, it } from "vitest";
import { durableSpanExporter } from "../../../../src/pipeline/durable-span-exporter/durable-span-exporter.ts";
import { readPipelineConfig } from "../../../../src/pipeline/environment/pipeline-config.ts";

const A = "http://a:4318/v1/traces";
const B = "http://b:4318/v1/traces";
const SECRET = "https://user:hunter2@a/v1/traces?key=hunter2";

function complaint(build: () => unknown): string {
  try {
    build();
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return error.message;
  }
  return "";
}

describe("urls", () => {
  const of = (options: object) => complaint(() => durableSpanExporter(options));

  it.each([
    ["none", { urls: [] }, "urls must be a list of 1 to 32 http:// or https:// URLs, got none"],
    ["no list", { urls: A }, `urls must be a list of 1 to 32 http:// or https:// URLs, got "${A}"`],
    [
      "too many",
      { urls: Array.from({ length: 33 }, (_, i) => `${A}/${i}`) },
      "1 to 32 http:// or https:// URLs, got 33",
    ],
    [
      "one that is no URL",
      { urls: [A, "b:4318"] },
      'urls[1] must be an http:// or https:// URL, got "b:4318"',
    ],
    ["one that is no text", { urls: [A, 7] }, "urls[1] must be an http:// or https:// URL, got 7"],
    [
      "another protocol",
      { urls: [A, "grpc://b:4317"] },
      'urls[1] must be an http:// or https:// URL, got "grpc://b:4317"',
    ],
    ["one twice", { urls: [A, B, A] }, `urls must name each endpoint once, got "${A}" twice`],
    [
      "one twice in other words",
      { urls: [A, "http://me:pw@A:4318/v1/traces"] },
      "must name each endpoint once",
    ],
    ["with url", { url: A, urls: [B] }, `give url or urls, not both: got url "${A}" and urls ["${B}"]`],
    ["neither", {}, "url must be an http:// or https:// URL, got undefined"],
    [
      "a bound that is none",
      { urls: [A, B], failoverAfterMs: 0 },
      "failoverAfterMs must be a whole number from 1 to",
    ],
  ])("are refused with the option and its value: %s", (_, options, message) => {
    expect(of(options)).toContain(message);
  });

  it.each([
    ["twice", { urls: [SECRET, SECRET] }],
    ["with url", { url: SECRET, urls: [SECRET] }],
    ["another protocol", { urls: [SECRET.replace("https", "ftp")] }],
  ])("are told without secrets: %s", (_, options) => {
    expect(of(options)).toContain("***");
    expect(of(options)).not.toContain("hunter2");
  });

  it("may be one", async () => {
    await durableSpanExporter({ urls: [A] }).stop(0);
  });
});

describe("AGENT_OTEL_TRACES_ENDPOINTS", () => {
  const read = (value: string, env = {}, options = {}) =>
    readPipelineConfig({ AGENT_OTEL_TRACES_ENDPOINTS: value, ...env }, options);

  it("is for traces alone, and wins over the variable that names one", () => {
    const config = read(`${A}, ${B}`, { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://other:4318" });
    expect(config.traceExporters).toMatchObject([{ url: A, urls: [A, B] }]);
    expect(config.metricExporters).toMatchObject([{ url: "http://localhost:4318/v1/metrics" }]);
  });

  it("gets the path of traces where there is none", () => {
    expect(read("http://a:4318,https://b/otlp").traceExporters).toMatchObject([
      { urls: [A, "https://b/otlp"] },
    ]);
  });

  it("counts as not set where it is empty, and where the endpoint is given in code", () => {
    expect(read(" ").traceExporters[0]).not.toHaveProperty("urls");
    expect(read(`${A},${B}`, {}, { endpoint: "http://c" }).traceExporters).toMatchObject([
      { url: "http://c/v1/traces" },
    ]);
  });

  it.each([
    [",", "AGENT_OTEL_TRACES_ENDPOINTS must be a list of 1 to 32 http:// or https:// URLs, got none"],
    [`${A},b:4318`, 'AGENT_OTEL_TRACES_ENDPOINTS[1] must be an http:// or https:// URL, got "b:4318"'],
    [`${A},http://a:4318`, `AGENT_OTEL_TRACES_ENDPOINTS must name each endpoint once, got "${A}" twice`],
    [Array.from({ length: 33 }, (_, i) => `http://g${i}`).join(), "URLs, got 33"],
  ])("is refused with its name and value: %s", (value, message) => {
    expect(complaint(() => read(value))).toContain(message);
  });

  it("needs the protocol that waits in a queue", () => {
    expect(complaint(() => read(A, { OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" }))).toBe(
      'AGENT_OTEL_TRACES_ENDPOINTS needs OTLP protocol http/protobuf, got "http/json"',
    );
  });

  it("tells no secrets", () => {
    expect(complaint(() => read(`${SECRET},${SECRET}`))).not.toContain("hunter2");
  });
});
