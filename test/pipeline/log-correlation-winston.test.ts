import { Writable } from "node:stream";
import { context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import winston from "winston";
import { type LogLine, logCorrelation } from "../../src/agent/log-correlation.ts";
import { agent } from "../../src/index.ts";
import { patchWinston } from "../../src/instrumentation/loggers/winston.ts";
import { SpanRecorder } from "../../src/testing/index.ts";

const { combine, errors, json, printf } = winston.format;
const early = logger();
patchWinston(winston);

const IDS = {
  trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
  span_id: expect.stringMatching(/^[0-9a-f]{16}$/),
  trace_flags: "01",
  "gen_ai.agent.name": "researcher",
};

let recorder: SpanRecorder;
beforeEach(() => {
  logCorrelation.use(["winston"]);
  recorder = new SpanRecorder();
});
afterEach(() => {
  recorder.stop();
  logCorrelation.use([]);
});

function transport(lines: string[]) {
  const stream = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk).trimEnd());
      done();
    },
  });
  return new winston.transports.Stream({ stream });
}

function logger(options: winston.LoggerOptions = {}) {
  const lines: string[] = [];
  const log = winston.createLogger({ format: json(), ...options, transports: [transport(lines)] });
  return { log, lines, first: () => JSON.parse(lines[0] ?? "") as Record<string, unknown> };
}

function inside(write: () => void): Promise<void> {
  // Without a result: a logger is a stream, which an agent would follow to its end.
  return agent("researcher", async () => {
    write();
  })();
}

describe("a line of winston", () => {
  it("has the ids of the span and the agent's name, inside an agent", async () => {
    const { log, first } = logger();
    await inside(() => log.info("hello", { a: 1 }));
    expect(first()).toEqual({ level: "info", message: "hello", a: 1, ...IDS });
    const span = recorder.get("invoke_agent researcher");
    expect([first()["trace_id"], first()["span_id"]]).toEqual([span.traceId, span.spanId]);
  });

  it("is the same to the byte outside of any call", () => {
    const { log, lines } = logger();
    log.info("hello", { a: 1 });
    expect(lines).toEqual(['{"a":1,"level":"info","message":"hello"}']);
  });

  it("is the same to the byte where winston is not to be correlated", async () => {
    logCorrelation.use([]);
    const { log, lines } = logger();
    await inside(() => log.info("hello"));
    expect(lines).toEqual(['{"level":"info","message":"hello"}']);
  });

  it("has no ids without an SDK, but the agent's name", async () => {
    recorder.stop();
    const { log, first } = logger();
    await inside(() => log.info("hello"));
    expect(first()).toEqual({ level: "info", message: "hello", "gen_ai.agent.name": "researcher" });
  });

  it("shows its ids to printf", async () => {
    const { log, lines } = logger({
      format: printf(({ message, ...rest }) => `${rest["gen_ai.agent.name"]} ${message}`),
    });
    await inside(() => log.info("hello"));
    expect(lines).toEqual(["researcher hello"]);
  });

  it.each([
    ["log(level, message)", (log: winston.Logger) => log.log("info", "hello")],
    ["log(entry)", (log: winston.Logger) => log.log({ level: "info", message: "hello" })],
    ["info(entry)", (log: winston.Logger) => log.info({ message: "hello" })],
    ["a child", (log: winston.Logger) => log.child({}).child({}).info("hello")],
    ["a profiler", (log: winston.Logger) => log.startTimer().done({ level: "info", message: "hello" })],
  ])("has them from %s", async (_, write) => {
    const { log, first } = logger();
    await inside(() => write(log));
    expect(first()).toMatchObject({ level: "info", message: "hello", ...IDS });
  });

  it("has them from a logger that was made before the patch", async () => {
    await inside(() => early.log.info("hello"));
    expect(early.first()).toMatchObject(IDS);
  });

  it("has them from the default logger", async () => {
    const lines: string[] = [];
    winston.configure({ transports: [transport(lines)] });
    await inside(() => winston.info("hello"));
    expect(JSON.parse(lines[0]!)).toMatchObject({ message: "hello", ...IDS });
  });

  it("keeps the user's fields of the same name, from the line, the child or the default meta", async () => {
    const { log, lines } = logger({ defaultMeta: { trace_flags: "default" } });
    await inside(() => log.child({ span_id: "child" }).info("hello", { trace_id: "line" }));
    expect(JSON.parse(lines[0]!)).toMatchObject({
      trace_id: "line",
      span_id: "child",
      trace_flags: "default",
    });
  });

  it("leaves the user's object without ids, for the next time it is logged", async () => {
    const { log, lines } = logger();
    const entry = { message: "hello" };
    await inside(() => log.info(entry));
    log.info(entry);
    expect(lines[1]).toBe('{"level":"info","message":"hello"}');
  });

  it("of an error is still one to the formats", async () => {
    const { log, first } = logger({ format: combine(errors({ stack: true }), json()) });
    const error = Object.assign(new RangeError("too far"), { code: "E1" });
    await inside(() => log.error(error));
    expect(first()).toEqual({
      level: "error",
      message: "too far",
      code: "E1",
      stack: expect.stringContaining("RangeError: too far"),
      ...IDS,
    });
    expect(error).not.toHaveProperty("trace_id");
  });

  it("has the ids of where it was logged, though its transport is behind", async () => {
    const { log, lines } = logger();
    log.cork();
    await inside(() => log.info("first"));
    await agent("writer", async () => void log.info("second"))();
    log.uncork();
    expect(lines.map((line) => JSON.parse(line)["gen_ai.agent.name"])).toEqual(["researcher", "writer"]);
  });
});

describe("the module winston", () => {
  it("may be patched twice", async () => {
    logCorrelation.use(["winston"], (line) => void lines.push(line));
    const lines: LogLine[] = [];
    patchWinston(winston);
    logger().log.info("hello");
    expect(lines).toHaveLength(1);
  });

  it.each([undefined, {}, { createLogger: () => ({}) }, { createLogger: () => undefined }])(
    "of an unknown shape is left alone",
    (odd) => {
      expect(() => patchWinston(odd)).not.toThrow();
    },
  );
});

describe("the log record of a line of winston", () => {
  const lines: LogLine[] = [];
  beforeEach(() => {
    lines.length = 0;
    logCorrelation.use(["winston"], (line) => void lines.push(line));
  });

  it.each([
    [winston.config.npm.levels, [17, 13, 9, 7, 3, 5, 1]],
    [winston.config.syslog.levels, [24, 22, 21, 17, 13, 10, 9, 5]],
  ])("has a severity for each level", (levels, severities) => {
    const { log } = logger({ levels, level: Object.keys(levels).at(-1)! });
    for (const level of Object.keys(levels)) log.log(level, "hello");
    expect(lines.map(({ level, severity }) => [level, severity])).toEqual(
      Object.keys(levels).map((level, index) => [level, severities[index]]),
    );
  });

  it("has what the logger's format leaves of the line", () => {
    const masked = winston.format((info) => ({ ...info, password: "***" }));
    logger({ format: combine(masked(), json()) }).log.info("hello", { password: "p" });
    expect(lines).toEqual([
      expect.objectContaining({ level: "info", body: "hello", fields: { password: "***" } }),
    ]);
  });

  it.each([
    ["as it is", json()],
    ["in another object", combine(winston.format((info) => ({ ...info }))(), json())],
  ])(
    "has the context of where it was logged, though its transport is behind; the line %s",
    async (_, format) => {
      const { log } = logger({ format });
      log.cork();
      await inside(() => log.info("hello"));
      log.info("outside");
      log.uncork();
      const [first, second] = lines.map((line) => trace.getSpanContext(line.context ?? ROOT_CONTEXT));
      expect(first?.spanId).toBe(recorder.get("invoke_agent researcher").spanId);
      expect(second).toBeUndefined();
    },
  );

  it("has the whole active context", async () => {
    const key = Symbol("key");
    const { log } = logger();
    context.with(context.active().setValue(key, "here"), () => log.info("hello"));
    expect(lines[0]?.context?.getValue(key)).toBe("here");
  });

  it("has the error apart", () => {
    logger({ format: combine(errors({ stack: true }), json()) }).log.error(new TypeError("no"));
    expect(lines[0]).toMatchObject({
      body: "no",
      error: { message: "no", stack: expect.stringContaining("no") },
    });
  });

  it("is not made for a level that is off, a line that a format drops, or a silent logger", () => {
    logger({ level: "warn" }).log.info("hello");
    logger({ format: winston.format(() => false)() }).log.info("hello");
    logger({ silent: true }).log.info("hello");
    expect(lines).toEqual([]);
  });

  it("cannot harm the line", () => {
    logCorrelation.use(["winston"], () => {
      throw new Error("ours");
    });
    const { log, lines: written } = logger();
    log.info("hello");
    expect(written).toEqual(['{"level":"info","message":"hello"}']);
  });
});
