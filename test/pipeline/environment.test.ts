import { DiagLogLevel } from "@opentelemetry/api";
import { InMemorySpanExporter } from "@opentelemetry/sdk-trace";
import { describe, expect, it } from "vitest";
import { readPricesPath, readTraceFilePath } from "../../src/pipeline/environment/file-paths.ts";
import { readPipelineConfig } from "../../src/pipeline/environment/pipeline-config.ts";
import { readSdkMode } from "../../src/pipeline/environment/sdk-mode.ts";
import type { Environment } from "../../src/pipeline/environment/variables.ts";

const read = readPipelineConfig;

function otlp(env: Environment, signal: "traceExporters" | "metricExporters" = "traceExporters") {
  const exporter = read(env)[signal][0];
  if (exporter?.kind !== "otlp") throw new Error("no OTLP exporter");
  return exporter;
}

describe("defaults", () => {
  it("are those of the specification, but logs are off and only warnings are shown", () => {
    const target = {
      kind: "otlp",
      protocol: "http/protobuf",
      timeoutMillis: 10_000,
      compression: undefined,
      temporality: "cumulative",
    };
    expect(read({})).toEqual({
      serviceName: undefined,
      resourceAttributes: {},
      sampler: { name: "parentbased_always_on" },
      traceExporters: [{ ...target, url: "http://localhost:4318/v1/traces" }],
      batch: {
        scheduledDelayMillis: 5_000,
        handOverDelayMillis: 1_000,
        exportTimeoutMillis: 30_000,
        maxQueueSize: 2_048,
        maxExportBatchSize: 512,
      },
      spool: undefined,
      propagateTo: expect.objectContaining({}),
      trustIncoming: false,
      propagateSession: [],
      metricExporters: [{ ...target, url: "http://localhost:4318/v1/metrics" }],
      metricReader: { exportIntervalMillis: 60_000, exportTimeoutMillis: 30_000 },
      logExporters: [],
      traceFile: undefined,
      semconv: "latest",
      logLevel: DiagLogLevel.WARN,
    });
  });

  it.each([
    "OTEL_SERVICE_NAME",
    "OTEL_TRACES_SAMPLER",
    "OTEL_TRACES_SAMPLER_ARG",
    "OTEL_TRACES_EXPORTER",
    "OTEL_METRICS_EXPORTER",
    "OTEL_LOGS_EXPORTER",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_PROTOCOL",
    "OTEL_EXPORTER_OTLP_HEADERS",
    "OTEL_EXPORTER_OTLP_TIMEOUT",
    "OTEL_EXPORTER_OTLP_COMPRESSION",
    "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
    "OTEL_BSP_SCHEDULE_DELAY",
    "OTEL_BSP_MAX_QUEUE_SIZE",
    "OTEL_METRIC_EXPORT_INTERVAL",
    "OTEL_LOG_LEVEL",
    "AGENT_OTEL_TRACE_FILE",
  ])("counts an empty %s as not set", (name) => {
    expect(read({ [name]: "" })).toEqual(read({}));
    expect(read({ [name]: "  " })).toEqual(read({}));
  });
});

describe("OTEL_SDK_DISABLED and AGENT_OTEL_SDK", () => {
  it.each([
    [{}, "start"],
    [{ OTEL_SDK_DISABLED: "true" }, "disabled"],
    [{ OTEL_SDK_DISABLED: "TRUE" }, "disabled"],
    [{ OTEL_SDK_DISABLED: "1" }, "start"],
    [{ OTEL_SDK_DISABLED: "yes" }, "start"],
    [{ OTEL_SDK_DISABLED: "" }, "start"],
    [{ AGENT_OTEL_SDK: "external" }, "external"],
    [{ AGENT_OTEL_SDK: "" }, "start"],
    [{ AGENT_OTEL_SDK: "wrong", OTEL_SDK_DISABLED: "true" }, "disabled"],
  ])("%j means %s", (env, mode) => {
    expect(readSdkMode(env)).toBe(mode);
  });

  it("refuses another AGENT_OTEL_SDK", () => {
    expect(() => readSdkMode({ AGENT_OTEL_SDK: "theirs" })).toThrow(
      new TypeError('AGENT_OTEL_SDK must be one of external, got "theirs"'),
    );
  });
});

describe("OTEL_TRACES_SAMPLER", () => {
  it.each(["always_on", "always_off", "parentbased_always_on", "parentbased_always_off"])(
    "knows %s",
    (name) => {
      expect(read({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: "ignored" }).sampler).toEqual({
        name,
      });
    },
  );

  it.each(["traceidratio", "parentbased_traceidratio"])("knows %s with its ratio", (name) => {
    const sampler = (arg: string) =>
      read({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: arg }).sampler;
    expect(sampler("0.25")).toEqual({ name, ratio: 0.25 });
    expect(sampler("0")).toEqual({ name, ratio: 0 });
    expect(sampler("")).toEqual({ name, ratio: 1 });
  });

  it.each(["1.5", "-0.1", "NaN", "half", "Infinity"])("refuses the ratio %s", (arg) => {
    const env = { OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: arg };
    expect(() => read(env)).toThrow(
      new RangeError(`OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1, got "${arg}"`),
    );
  });
});

describe("exporters", () => {
  it.each([
    ["otlp", ["otlp"]],
    ["console", ["console"]],
    ["none", []],
    ["otlp,console", ["otlp", "console"]],
    [" console , otlp ,console", ["console", "otlp"]],
  ])("%s", (value, kinds) => {
    expect(read({ OTEL_TRACES_EXPORTER: value }).traceExporters.map(({ kind }) => kind)).toEqual(kinds);
    expect(read({ OTEL_METRICS_EXPORTER: value }).metricExporters.map(({ kind }) => kind)).toEqual(kinds);
    expect(read({ OTEL_LOGS_EXPORTER: value }).logExporters.map(({ kind }) => kind)).toEqual(kinds);
  });

  it("does not read OTLP settings that nobody uses", () => {
    const env = {
      OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
      OTEL_TRACES_EXPORTER: "console",
      OTEL_METRICS_EXPORTER: "none",
    };
    expect(read(env).traceExporters).toEqual([{ kind: "console" }]);
  });
});

describe("OTLP endpoint", () => {
  const base = "OTEL_EXPORTER_OTLP_ENDPOINT";
  const own = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
  it.each<[string, Environment, string]>([
    ["the base gets the signal's path", { [base]: "http://c:4318" }, "http://c:4318/v1/traces"],
    ["a slash at its end is not doubled", { [base]: "http://c:4318/" }, "http://c:4318/v1/traces"],
    ["a path of the base stays", { [base]: "https://c/otlp" }, "https://c/otlp/v1/traces"],
    ["a query stays behind the path", { [base]: "https://c/otlp?key=1" }, "https://c/otlp/v1/traces?key=1"],
    ["the signal's own is taken as it is", { [own]: "http://c:4318/my/path" }, "http://c:4318/my/path"],
    ["the signal's own gets no path", { [own]: "http://c:4318" }, "http://c:4318/"],
    ["the signal's own wins", { [own]: "http://own/t", [base]: "http://base" }, "http://own/t"],
  ])("%s", (_, env, url) => {
    expect(otlp(env).url).toBe(url);
  });

  it("is not taken from another signal", () => {
    const env = { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: "http://m/x" };
    expect(otlp(env).url).toBe("http://localhost:4318/v1/traces");
    expect(otlp(env, "metricExporters").url).toBe("http://m/x");
  });

  it.each(["localhost:4318", "c", "ftp://c", "http://", "/v1/traces"])("refuses %s", (value) => {
    expect(() => read({ [base]: value })).toThrow(
      new TypeError(`${base} must be an http:// or https:// URL, got "${value}"`),
    );
  });

  it("does not show a password or a key when it refuses", () => {
    expect(() => read({ [own]: "grpc://user:hunter2@c:1/?api_key=hunter3" })).toThrow(
      new TypeError(`${own} must be an http:// or https:// URL, got "grpc://***@c:1/?***"`),
    );
    expect(() => read({ [own]: "user:hunter2@c:1" })).toThrow('got "***@c:1"');
  });
});

describe("other OTLP settings", () => {
  it.each(["http/protobuf", "http/json"])("knows the protocol %s, the signal's own first", (protocol) => {
    expect(otlp({ OTEL_EXPORTER_OTLP_PROTOCOL: protocol }).protocol).toBe(protocol);
    const env = {
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    };
    expect(otlp(env).protocol).toBe(protocol);
    expect(otlp(env, "metricExporters").protocol).toBe("http/protobuf");
  });

  it("reads the time-out in milliseconds, the signal's own first", () => {
    const env = { OTEL_EXPORTER_OTLP_TIMEOUT: "2000", OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: "300" };
    expect(otlp(env).timeoutMillis).toBe(2_000);
    expect(otlp(env, "metricExporters").timeoutMillis).toBe(300);
  });

  it.each(["cumulative", "delta", "lowmemory", "DELTA"])("knows the temporality %s", (value) => {
    const env = { OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: value };
    expect(otlp(env, "metricExporters").temporality).toBe(value.toLowerCase());
  });

  it("does not keep headers, and does not show them when they are wrong", () => {
    const headers = "authorization=Bearer hunter2,x=y";
    expect(JSON.stringify(read({ OTEL_EXPORTER_OTLP_HEADERS: headers }))).not.toContain("hunter2");
    expect(() => read({ OTEL_EXPORTER_OTLP_HEADERS: "a=b,hunter2" })).toThrow(
      new TypeError(
        "OTEL_EXPORTER_OTLP_HEADERS must be a list like key=value,key=value; part 2 is not (value not shown)",
      ),
    );
  });
});

describe("the spool", () => {
  it("is in memory by default", () => {
    expect(read({}).spool).toBeUndefined();
  });

  it("is what its variables say", () => {
    const env = {
      AGENT_OTEL_SPOOL_DIR: "spans",
      AGENT_OTEL_SPOOL_DURABILITY: "FSYNC",
      AGENT_OTEL_SPOOL_MAX_BYTES: "1048576",
      AGENT_OTEL_SPOOL_MIN_FREE_BYTES: "0",
    };
    expect(read(env).spool).toEqual({
      directory: "spans",
      durability: "fsync",
      maxBytes: 1_048_576,
      minFreeBytes: 0,
    });
  });

  it("is what the option says, as a path or in full", () => {
    expect(read({ AGENT_OTEL_SPOOL_DIR: "env" }, { spool: "code" }).spool).toEqual({ directory: "code" });
    const spool = { directory: "code", maxBytes: 2 ** 20 };
    expect(read({}, { spool }).spool).toBe(spool);
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    [
      "durability",
      { AGENT_OTEL_SPOOL_DIR: "d", AGENT_OTEL_SPOOL_DURABILITY: "always" },
      "AGENT_OTEL_SPOOL_DURABILITY must be one of none, interval, fsync",
    ],
    [
      "size",
      { AGENT_OTEL_SPOOL_DIR: "d", AGENT_OTEL_SPOOL_MAX_BYTES: "1 GB" },
      "AGENT_OTEL_SPOOL_MAX_BYTES must be a whole number",
    ],
    [
      "exporter that keeps nothing",
      { AGENT_OTEL_SPOOL_DIR: "d", OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" },
      "AGENT_OTEL_SPOOL_DIR (option spool) needs",
    ],
    ["host", { AGENT_OTEL_PROPAGATE_TO: "http://user:secret@host/path?" }, "AGENT_OTEL_PROPAGATE_TO"],
  ])("has an error for a bad %s", (_, env, message) => {
    expect(() => read(env)).toThrow(message);
  });

  it.each([5, "", {}])("refuses %j as an option", (spool) => {
    expect(() => read({}, { spool: spool as never })).toThrow(
      "start: spool must be a path or an object with a directory",
    );
  });
});

describe("choices", () => {
  it.each([
    ["OTEL_TRACES_SAMPLER", "sometimes", "always_on, always_off, parentbased_always_on"],
    ["OTEL_TRACES_EXPORTER", "jaeger", "otlp, console, none"],
    ["OTEL_METRICS_EXPORTER", "prometheus", "otlp, console, none"],
    ["OTEL_LOGS_EXPORTER", "file", "otlp, console, none"],
    ["OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "http/protobuf, http/json"],
    ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "grpc", "http/protobuf, http/json"],
    ["OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http", "http/protobuf, http/json"],
    ["OTEL_EXPORTER_OTLP_COMPRESSION", "zstd", "gzip, none"],
    ["OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "both", "cumulative, delta, lowmemory"],
    ["OTEL_LOG_LEVEL", "LOUD", "NONE, ERROR, WARN, INFO, DEBUG, VERBOSE, ALL"],
  ])("%s refuses %s and names what it takes", (name, value, allowed) => {
    expect(() => read({ [name]: value })).toThrow(TypeError);
    expect(() => read({ [name]: value })).toThrow(`${name} must be one of ${allowed}`);
    expect(() => read({ [name]: value })).toThrow(`got "${value}"`);
  });

  it("refuses none next to another exporter", () => {
    expect(() => read({ OTEL_TRACES_EXPORTER: "none,otlp" })).toThrow(
      new TypeError('OTEL_TRACES_EXPORTER must not mix none with other exporters, got "none,otlp"'),
    );
  });
});

describe("numbers", () => {
  it.each([
    ["OTEL_BSP_SCHEDULE_DELAY", "0", { batch: { scheduledDelayMillis: 0 } }],
    ["OTEL_BSP_EXPORT_TIMEOUT", "100", { batch: { exportTimeoutMillis: 100 } }],
    ["OTEL_BSP_MAX_QUEUE_SIZE", "10000", { batch: { maxQueueSize: 10_000, maxExportBatchSize: 512 } }],
    ["OTEL_BSP_MAX_QUEUE_SIZE", "100", { batch: { maxQueueSize: 100, maxExportBatchSize: 100 } }],
    ["OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "64", { batch: { maxExportBatchSize: 64 } }],
    [
      "OTEL_METRIC_EXPORT_INTERVAL",
      "1000",
      { metricReader: { exportIntervalMillis: 1_000, exportTimeoutMillis: 1_000 } },
    ],
    ["OTEL_METRIC_EXPORT_TIMEOUT", "500", { metricReader: { exportTimeoutMillis: 500 } }],
  ])("%s=%s", (name, value, expected) => {
    expect(read({ [name]: value })).toMatchObject(expected);
  });

  const names = [
    "OTEL_BSP_SCHEDULE_DELAY",
    "OTEL_BSP_EXPORT_TIMEOUT",
    "OTEL_BSP_MAX_QUEUE_SIZE",
    "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
    "OTEL_METRIC_EXPORT_INTERVAL",
    "OTEL_METRIC_EXPORT_TIMEOUT",
    "OTEL_EXPORTER_OTLP_TIMEOUT",
    "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT",
  ];
  it.each(
    names.flatMap((name) => ["-1", "ten", "1.5", "NaN", "2147483648"].map((value) => [name, value] as const)),
  )("%s refuses %s", (name, value) => {
    expect(() => read({ [name]: value })).toThrow(RangeError);
    expect(() => read({ [name]: value })).toThrow(
      new RegExp(`^${name} must be a whole number from [01] to .*"${value}"$`),
    );
  });

  it("refuses a batch that is larger than the queue", () => {
    const env = { OTEL_BSP_MAX_QUEUE_SIZE: "100", OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "101" };
    expect(() => read(env)).toThrow(
      new RangeError(
        'OTEL_BSP_MAX_EXPORT_BATCH_SIZE must not exceed OTEL_BSP_MAX_QUEUE_SIZE (100), got "101"',
      ),
    );
  });
});

describe("OTEL_LOG_LEVEL", () => {
  it.each([
    ["debug", DiagLogLevel.DEBUG],
    ["NONE", DiagLogLevel.NONE],
    ["Error", DiagLogLevel.ERROR],
  ])("%s", (value, level) => {
    expect(read({ OTEL_LOG_LEVEL: value }).logLevel).toBe(level);
  });
});

describe("options", () => {
  it.each([
    ["serviceName", { OTEL_SERVICE_NAME: "env" }, { serviceName: "code" }, { serviceName: "code" }],
    ["traceFile", { AGENT_OTEL_TRACE_FILE: "env" }, { traceFile: "code" }, { traceFile: "code" }],
    ["traceExporter", {}, { traceExporter: new InMemorySpanExporter() }, { traceExporters: [] }],
    ["metricReaders", {}, { metricReaders: [] }, { metricExporters: [] }],
    [
      "sampler",
      { OTEL_TRACES_SAMPLER: "bad" },
      { sampler: { shouldSample: () => ({ decision: 0 }) } },
      { sampler: undefined },
    ],
  ])("%s wins over its variable", (_, env, options, expected) => {
    expect(read(env, options)).toMatchObject(expected);
  });

  it("endpoint wins over every endpoint variable, for traces and metrics", () => {
    const env = {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://t",
      OTEL_EXPORTER_OTLP_ENDPOINT: "not even a URL",
    };
    const config = read(env, { endpoint: "http://code:1/" });
    expect(config.traceExporters).toMatchObject([{ url: "http://code:1/v1/traces" }]);
    expect(config.metricExporters).toMatchObject([{ url: "http://code:1/v1/metrics" }]);
  });

  it("leave all other variables in force", () => {
    const env = {
      OTEL_BSP_MAX_QUEUE_SIZE: "7",
      OTEL_TRACES_SAMPLER: "always_off",
      OTEL_METRICS_EXPORTER: "none",
    };
    const config = read(env, { serviceName: "code", traceExporter: new InMemorySpanExporter() });
    expect(config).toMatchObject({
      batch: { maxQueueSize: 7 },
      sampler: { name: "always_off" },
      metricExporters: [],
    });
  });

  it("are checked, by name", () => {
    expect(() => read({}, { endpoint: "nowhere" })).toThrow(
      new TypeError('start: endpoint must be an http:// or https:// URL, got "nowhere"'),
    );
    expect(() => read({}, { serviceName: "" })).toThrow(
      new TypeError('start: serviceName must be a string that is not empty, got ""'),
    );
  });
});

describe("paths", () => {
  it("come from the option, else from the environment", () => {
    expect(readPricesPath({ AGENT_OTEL_PRICES: "/env" })).toBe("/env");
    expect(readPricesPath({ AGENT_OTEL_PRICES: "/env" }, { prices: "/code" })).toBe("/code");
    expect(readPricesPath({ AGENT_OTEL_PRICES: "" })).toBeUndefined();
    expect(readTraceFilePath({ AGENT_OTEL_TRACE_FILE: "/env" })).toBe("/env");
  });
});
