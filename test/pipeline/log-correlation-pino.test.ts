import { Writable } from "node:stream";
import { type DestinationStream, type Logger, type LoggerOptions, pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LogLine, logCorrelation } from "../../src/agent/log-correlation.ts";
import { agent, tool } from "../../src/index.ts";
import { patchPino } from "../../src/instrumentation/loggers/pino.ts";
import { SpanRecorder } from "../../src/testing/index.ts";

// As it is before anybody patches it.
const statics = Object.entries(pino);
const unpatched = lineOf(pino({ timestamp: false }, destination()), (log) =>
  log.info({ a: 1 }, "hello %s", "x"),
);
patchPino(pino);

const IDS = {
  trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
  span_id: expect.stringMatching(/^[0-9a-f]{16}$/),
  trace_flags: "01",
  "gen_ai.agent.name": "researcher",
};

let recorder: SpanRecorder;
beforeEach(() => {
  logCorrelation.use(["pino"]);
  recorder = new SpanRecorder();
});
afterEach(() => {
  recorder.stop();
  logCorrelation.use([]);
});

interface Kept extends DestinationStream {
  readonly lines: string[];
}

function destination(): Kept {
  const lines: string[] = [];
  return { lines, write: (line) => void lines.push(line) };
}

/** What `write` makes the logger write last. */
function lineOf(log: Logger, write: (log: Logger) => void): string {
  write(log);
  return (Reflect.get(log, pino.symbols.streamSym) as Kept).lines.at(-1) ?? "";
}

function make(options: LoggerOptions = {}): Logger {
  return pino({ base: null, timestamp: false, ...options }, destination());
}

/** The fields of a line that is logged inside an agent. */
async function inside(log: Logger, write: (log: Logger) => void): Promise<Record<string, unknown>> {
  const line = await agent("researcher", async () => lineOf(log, write))();
  return JSON.parse(line) as Record<string, unknown>;
}

describe("a line of pino", () => {
  it("has the ids of the span and the agent's name, inside an agent", async () => {
    const fields = await inside(make(), (log) => log.info({ a: 1 }, "hello %s", "x"));
    expect(fields).toEqual({ level: 30, ...IDS, a: 1, msg: "hello x" });
    const span = recorder.get("invoke_agent researcher");
    expect([fields["trace_id"], fields["span_id"]]).toEqual([span.traceId, span.spanId]);
  });

  it("has the ids of the tool's span inside a tool, and still the agent's name", async () => {
    const log = make();
    const search = tool("search", async () => lineOf(log, () => log.info("searching")));
    const line = await agent("researcher", async () => search())();
    const { spanId } = recorder.get("execute_tool search");
    expect(JSON.parse(line)).toMatchObject({ span_id: spanId, "gen_ai.agent.name": "researcher" });
  });

  it("is the same to the byte outside of any call", () => {
    const log = pino({ timestamp: false }, destination());
    expect(lineOf(log, () => log.info({ a: 1 }, "hello %s", "x"))).toBe(unpatched);
  });

  it("is the same to the byte where pino is not to be correlated", async () => {
    logCorrelation.use([]);
    const line = agent("researcher", () => lineOf(make(), (log) => log.info("hello")))();
    expect(line).toBe('{"level":30,"msg":"hello"}\n');
  });

  it("has no ids without an SDK, but the agent's name", async () => {
    recorder.stop();
    const fields = await inside(make(), (log) => log.info("hello"));
    expect(fields).toEqual({ level: 30, "gen_ai.agent.name": "researcher", msg: "hello" });
  });

  it("keeps the user's mixin, whose keys win", async () => {
    const log = make({ mixin: (_, level) => ({ trace_id: "mine", level_seen: level }) });
    const fields = await inside(log, () => log.warn("hello"));
    expect(fields).toEqual({ level: 40, ...IDS, trace_id: "mine", level_seen: 40, msg: "hello" });
  });

  it("keeps the user's way of merging the mixin", async () => {
    const log = make({ mixin: () => ({ a: 1 }), mixinMergeStrategy: (own, mixed) => ({ ...own, ...mixed }) });
    expect(await inside(log, () => log.info({ a: 2 }, "hello"))).toEqual({
      level: 30,
      ...IDS,
      a: 1,
      msg: "hello",
    });
  });

  it("keeps what the user gives as a field of the same name, once in the line", async () => {
    const line = await agent("researcher", async () =>
      lineOf(make(), (log) => log.info({ span_id: "mine" })),
    )();
    expect(JSON.parse(line)).toMatchObject({ ...IDS, span_id: "mine" });
    expect(line.match(/"span_id"/g)).toHaveLength(1);
  });

  it("keeps what a child logger binds under the same name, once in the line", async () => {
    const kept = destination();
    const child = pino({ base: null, timestamp: false }, kept).child({ trace_id: "mine", part: "child" });
    await agent("researcher", async () => child.info("hello"))();
    expect(JSON.parse(kept.lines[0]!)).toEqual({
      level: 30,
      ...IDS,
      trace_id: "mine",
      part: "child",
      msg: "hello",
    });
    expect(kept.lines[0]!.match(/"trace_id"/g)).toHaveLength(1);
  });

  it("of a logger that was made before the patch, or inside of a call, has them too", async () => {
    const early = make();
    expect(await inside(early, () => early.child({}).child({ b: 2 }).info("hello"))).toMatchObject(IDS);
  });

  it("keeps custom keys, levels, serializers, redaction and formatters", async () => {
    const log = pino(
      {
        base: { app: "x" },
        timestamp: false,
        messageKey: "message",
        errorKey: "error",
        customLevels: { audit: 35 },
        redact: ["password"],
        serializers: { user: (user: { id: number }) => user.id },
        formatters: { level: (label) => ({ severity: label }), log: (fields) => ({ ...fields, seen: true }) },
      },
      destination(),
    );
    const fields = await agent("researcher", async () => {
      log.audit({ password: "p", user: { id: 7 }, error: new TypeError("no") }, "hello");
      return JSON.parse(lineOf(log as unknown as Logger, () => {}));
    })();
    expect(fields).toEqual({
      severity: "audit",
      app: "x",
      ...IDS,
      password: "[Redacted]",
      user: 7,
      error: expect.objectContaining({ type: "TypeError", message: "no" }),
      seen: true,
      message: "hello",
    });
  });

  it("of an error has what it had", async () => {
    const error = new RangeError("too far");
    const fields = await inside(make(), (log) => log.error(error));
    expect(fields).toMatchObject({ ...IDS, msg: "too far", err: { type: "RangeError", message: "too far" } });
  });

  it("leaves the user's object as it is", async () => {
    const given = Object.freeze({ a: 1 });
    await inside(make(), (log) => log.info(given));
    expect(given).toEqual({ a: 1 });
  });

  it("fails as it would without us where the user's object throws", async () => {
    const given = {
      get a(): never {
        throw new Error("mine");
      },
    };
    await expect(inside(make(), (log) => log.info(given))).rejects.toThrow("mine");
  });

  it("reaches a multistream and a Node stream", async () => {
    const chunks: string[] = [];
    const stream = new Writable({
      write(chunk, _, done) {
        chunks.push(String(chunk));
        done();
      },
    });
    const log = pino({ base: null }, pino.multistream([{ stream }, { stream, level: "error" }]));
    await agent("researcher", async () => log.error("hello"))();
    expect(chunks.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining(IDS),
      expect.objectContaining(IDS),
    ]);
  });
});

describe("the module pino", () => {
  it("has the static properties that it had, each the same", () => {
    expect(Object.entries(pino)).toEqual(statics);
    for (const [name, value] of statics) expect(Reflect.get(pino, name)).toBe(value);
  });

  it("may be patched twice", async () => {
    patchPino(pino);
    const line = await agent("researcher", async () => lineOf(make(), (log) => log.info("hello")))();
    expect(line.match(/"trace_id"/g)).toHaveLength(1);
  });

  it.each([undefined, {}, () => ({}), Object.assign(() => ({}), { symbols: { asJsonSym: Symbol("none") } })])(
    "of an unknown shape is left alone",
    (odd) => {
      expect(() => patchPino(odd)).not.toThrow();
    },
  );
});

describe("an older pino, whose errors are lines themselves", () => {
  it("gets ids beside what it reads of the error", async () => {
    const asJsonSym = Symbol("pino.asJson");
    const prototype = {
      [asJsonSym](fields: Record<string, unknown>, msg: string) {
        return JSON.stringify({
          ...fields,
          isError: fields instanceof Error,
          stack: typeof fields["stack"],
          msg,
        });
      },
    };
    const old = Object.assign(() => Object.create(prototype), { symbols: { asJsonSym } });
    patchPino(old);
    const error = Object.assign(new Error("old"), { code: "E1" });
    const write = Reflect.get(old() as object, asJsonSym) as (...args: unknown[]) => string;
    const line = await agent("researcher", async () => write.call(old(), error, "old", 50))();
    expect(JSON.parse(line)).toEqual({ ...IDS, code: "E1", isError: true, stack: "string", msg: "old" });
  });
});

describe("the log record of a line of pino", () => {
  const lines: LogLine[] = [];
  beforeEach(() => {
    lines.length = 0;
    logCorrelation.use(["pino"], (line) => void lines.push(line));
  });

  it.each([
    ["trace", 1],
    ["debug", 5],
    ["info", 9],
    ["warn", 13],
    ["error", 17],
    ["fatal", 21],
  ] as const)("%s has severity %i", (level, severity) => {
    make({ level: "trace" })[level]("hello");
    expect(lines).toEqual([{ logger: "pino", level, severity, body: "hello", fields: {} }]);
  });

  it("has bindings and fields as the line has them: serialized and redacted", () => {
    make({ redact: ["password"] })
      .child({ part: "child" })
      .info({ password: "p", n: { deep: [1] } }, "hello");
    expect(lines[0]?.fields).toEqual({ part: "child", password: "[Redacted]", n: { deep: [1] } });
  });

  it("has the error apart", () => {
    make({ messageKey: "message" }).error(new TypeError("no"), "hello");
    expect(lines[0]).toMatchObject({
      body: "hello",
      fields: {},
      error: { name: "TypeError", message: "no" },
    });
  });

  it("is not made for a level that is off", () => {
    make({ level: "warn" }).info("hello");
    expect(lines).toEqual([]);
  });

  it("cannot harm the line", () => {
    logCorrelation.use(["pino"], () => {
      throw new Error("ours");
    });
    expect(lineOf(make(), (log) => log.info("hello"))).toBe('{"level":30,"msg":"hello"}\n');
  });
});
