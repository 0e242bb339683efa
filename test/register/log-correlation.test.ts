import { describe, expect, it } from "vitest";
import { type OtlpSink, otlpSink } from "../pipeline/fixtures/otlp-sink.ts";
import { runProgram } from "../pipeline/fixtures/run-program.ts";

const REGISTER = new URL("../../dist/register.js", import.meta.url).href;
const PROGRAMS = [
  ["loggers.mjs", "default"],
  ["loggers.mjs", "named"],
  ["loggers.cjs", ""],
] as const;

/** Runs a program of fixtures/ as users do, with what is built. */
async function run(file: string, how: string, env: Readonly<Record<string, string>> = {}) {
  using program = runProgram(new URL(`fixtures/${file}`, import.meta.url).href, how === "" ? [] : [how], {
    NODE_OPTIONS: `--import=${REGISTER}`,
    OTEL_TRACES_EXPORTER: "none",
    OTEL_METRICS_EXPORTER: "none",
    ...env,
  });
  const { code, stdout, diag } = await program.ended;
  // Its line about the finished agent is no complaint.
  expect(diag.filter((line) => !line.includes(" INFO agent-otel: "))).toEqual([]);
  expect(code).toBe(0);
  return stdout.trimEnd().split("\n");
}

const OUTSIDE = [
  '{"level":30,"from":"pino","msg":"outside"}',
  '{"from":"winston","level":"info","message":"outside"}',
  "outside from console",
];

describe("a program that logs, with node --import agent-otel/register", () => {
  it.each(PROGRAMS)("has ids on the lines of pino and winston inside an agent (%s %s)", async (file, how) => {
    const lines = await run(file, how);
    expect(lines.slice(0, 3)).toEqual(OUTSIDE);
    const [pino, winston] = lines.slice(3, 5).map((line) => JSON.parse(line) as Record<string, string>);
    expect(lines[5]).toBe("inside from console");
    expect(pino).toMatchObject({ from: "pino", msg: "inside", "gen_ai.agent.name": "researcher" });
    expect(winston).toMatchObject({ from: "winston", message: "inside", "gen_ai.agent.name": "researcher" });
    for (const key of ["trace_id", "span_id", "trace_flags"]) {
      expect(pino?.[key]).toMatch(/^[0-9a-f]+$/);
      expect(winston?.[key]).toBe(pino?.[key]);
    }
  });

  it.each(PROGRAMS)("has none with AGENT_OTEL_LOG_CORRELATION=none (%s %s)", async (file, how) => {
    const lines = await run(file, how, { AGENT_OTEL_LOG_CORRELATION: "none" });
    expect(lines.slice(0, 6)).toEqual([
      ...OUTSIDE,
      ...OUTSIDE.map((line) => line.replace("outside", "inside")),
    ]);
  });

  it.each(PROGRAMS)("has the same ids on the lines of console, when asked (%s %s)", async (file, how) => {
    const lines = await run(file, how, { AGENT_OTEL_LOG_CORRELATION: "pino,console" });
    const { trace_id, span_id } = JSON.parse(lines[3]!) as Record<string, string>;
    expect(lines[2]).toBe(OUTSIDE[2]);
    expect(lines[4]).toBe('{"from":"winston","level":"info","message":"inside"}');
    expect(lines[5]).toBe(`[${trace_id} ${span_id} researcher] inside from console`);
  });

  it("has the agent's name alone with OTEL_SDK_DISABLED=true", async () => {
    const lines = await run("loggers.mjs", "named", { OTEL_SDK_DISABLED: "true" });
    expect(lines[3]).toBe('{"level":30,"gen_ai.agent.name":"researcher","from":"pino","msg":"inside"}');
    expect(JSON.parse(lines[4]!)).not.toHaveProperty("trace_id");
  });
});

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface LogsRequest {
  readonly resourceLogs: readonly {
    readonly scopeLogs: readonly {
      readonly scope: { readonly name: string };
      readonly logRecords: readonly {
        readonly severityNumber: number;
        readonly severityText: string;
        readonly body: Readonly<Record<string, unknown>>;
        readonly attributes: readonly Attribute[];
        readonly traceId?: string;
        readonly spanId?: string;
      }[];
    }[];
  }[];
}

/** The log records that arrived as JSON, in order of arrival. */
function recordsAt(sink: OtlpSink) {
  const requests = sink.requests.filter(({ path }) => path === "/v1/logs");
  return requests
    .flatMap(({ body }) => (JSON.parse(body) as LogsRequest).resourceLogs)
    .flatMap(({ scopeLogs }) => scopeLogs)
    .flatMap(({ scope, logRecords }) =>
      logRecords.map(({ severityNumber, severityText, body, attributes, traceId = "", spanId = "" }) => ({
        scope: scope.name,
        severity: [severityNumber, severityText],
        body: Object.values(body)[0],
        attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]])),
        ids: [traceId, spanId],
      })),
    );
}

describe("log records over OTLP", () => {
  const asked = (sink: OtlpSink) => ({
    AGENT_OTEL_LOG_CORRELATION: "pino,winston,console",
    AGENT_OTEL_LOG_RECORDS: "true",
    OTEL_LOGS_EXPORTER: "otlp",
    OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
  });

  it.each(PROGRAMS)("has every line, with the ids of where it was logged (%s %s)", async (file, how) => {
    await using sink = await otlpSink();
    const lines = await run(file, how, asked(sink));
    const { trace_id, span_id } = JSON.parse(lines[3]!) as Record<string, string>;
    const records = recordsAt(sink);
    const here = { "gen_ai.agent.name": "researcher" };
    const [nowhere, there] = [
      ["", ""],
      [trace_id, span_id],
    ];
    const pino = { scope: "agent-otel.pino", severity: [9, "info"] };
    const winston = { scope: "agent-otel.winston", severity: [9, "info"] };
    const console = { scope: "agent-otel.console", severity: [9, "log"] };
    const sorted = <T extends { readonly scope: string }>(all: readonly T[]) =>
      all.toSorted((a, b) => a.scope.localeCompare(b.scope));
    expect(sorted(records)).toEqual(
      sorted([
        { ...pino, body: "outside", attributes: { from: "pino" }, ids: nowhere },
        { ...winston, body: "outside", attributes: { from: "winston" }, ids: nowhere },
        { ...console, body: "outside from console", attributes: {}, ids: nowhere },
        { ...pino, body: "inside", attributes: { from: "pino", ...here }, ids: there },
        { ...winston, body: "inside", attributes: { from: "winston", ...here }, ids: there },
        { ...console, body: "inside from console", attributes: here, ids: there },
        {
          ...pino,
          severity: [17, "error"],
          body: "failed",
          attributes: {
            ...here,
            "exception.type": "TypeError",
            "exception.message": "no",
            "exception.stacktrace": expect.stringContaining("TypeError: no"),
          },
          ids: there,
        },
      ]),
    );
  });

  it.each(["AGENT_OTEL_LOG_RECORDS", "OTEL_LOGS_EXPORTER"] as const)("needs %s", async (name) => {
    await using sink = await otlpSink();
    const { [name]: _, ...env } = asked(sink);
    using program = runProgram(new URL("fixtures/loggers.mjs", import.meta.url).href, [], {
      NODE_OPTIONS: `--import=${REGISTER}`,
      OTEL_TRACES_EXPORTER: "none",
      OTEL_METRICS_EXPORTER: "none",
      ...env,
    });
    const { diag } = await program.ended;
    expect(recordsAt(sink)).toEqual([]);
    expect(diag.filter((line) => line.includes("needs OTEL_LOGS_EXPORTER=otlp"))).toHaveLength(
      name === "OTEL_LOGS_EXPORTER" ? 1 : 0,
    );
  });

  it("go to the program's own SDK with AGENT_OTEL_SDK=external", async () => {
    const lines = await run("loggers-external.mjs", "", {
      AGENT_OTEL_SDK: "external",
      AGENT_OTEL_LOG_RECORDS: "true",
    });
    expect(JSON.parse(lines[0]!)).toEqual([
      { body: "hello", attributes: { "gen_ai.agent.name": "researcher" } },
    ]);
  });
});
