import { Console } from "node:console";
import { Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LogLine, logCorrelation } from "../../src/agent/log-correlation.ts";
import { agent } from "../../src/index.ts";
import { correlateConsole } from "../../src/pipeline/log-correlation/console.ts";
import { SpanRecorder } from "../../src/testing/index.ts";

interface Target {
  readonly console: Console;
  text(): string;
}

function target(): Target {
  let text = "";
  const stream = new Writable({
    write(chunk, _, done) {
      text += chunk;
      done();
    },
  });
  return { console: new Console(stream), text: () => text };
}

let recorder: SpanRecorder;
beforeEach(() => {
  recorder = new SpanRecorder();
});
afterEach(() => {
  recorder.stop();
  logCorrelation.use([]);
});

/** What a patched console and one of Node's own write for the same calls inside an agent; of ours the ids are shortened. */
async function both(write: (console: Console) => void, name = "researcher") {
  const [ours, nodes] = [target(), target()];
  const restore = correlateConsole(ours.console);
  await agent(name, async () => {
    write(ours.console);
    write(nodes.console);
  })();
  restore();
  const { traceId, spanId } = recorder.get(`invoke_agent ${name}`);
  return { ours: ours.text().replaceAll(`${traceId} ${spanId}`, "IDS"), nodes: nodes.text() };
}

const PREFIX = "[IDS researcher] ";

describe("a line of console", () => {
  it.each(["debug", "log", "info", "warn", "error"] as const)("%s has the ids in front", async (method) => {
    const { ours } = await both((console) => console[method]("hello"));
    expect(ours).toBe(`${PREFIX}hello\n`);
  });

  it.each<[string, (console: Console) => void]>([
    ["format specifiers", (console) => console.log("%s is %d%% of %o", "a", 5, { b: 1 }, "rest")],
    ["a lone text with a specifier", (console) => console.log("100%s %% sure")],
    ["an object", (console) => console.log({ a: { b: { c: { d: 1 } } } })],
    ["an object before a specifier", (console) => console.log({ a: 1 }, "%s", "b")],
    ["a number", (console) => console.log(42)],
    ["undefined", (console) => console.log(undefined)],
    ["several lines", (console) => console.log("one\ntwo")],
  ])("keeps %s", async (_, write) => {
    const { ours, nodes } = await both(write);
    expect(ours).toBe(PREFIX + nodes);
  });

  it("takes no specifier from an agent's name", async () => {
    const { ours } = await both((console) => console.log("%s", "a"), "100%s");
    expect(ours).toBe("[IDS 100%s] a\n");
    recorder.reset();
    const { ours: object } = await both((console) => console.log({ a: 1 }), "100%s");
    expect(object).toBe("[IDS 100%s] { a: 1 }\n");
  });

  it("hands on the same objects", async () => {
    const seen: unknown[] = [];
    const fake = { log: (...args: unknown[]) => void seen.push(...args) } as unknown as Console;
    const restore = correlateConsole(fake);
    const given = { a: 1 };
    await agent("researcher", async () => fake.log("hello", given))();
    restore();
    expect(seen[1]).toBe(given);
    expect(given).toEqual({ a: 1 });
  });

  it.each<[string, (console: Console) => void]>([
    ["a table", (console) => console.table([{ a: 1 }, { a: 2 }])],
    ["dir", (console) => console.dir({ a: 1 })],
    ["the head of a group", (console) => console.group("head")],
    ["a count", (console) => console.count("calls")],
    ["an empty line", (console) => console.log()],
    ["a line of blanks", (console) => console.log("  ")],
    ["a line of JSON", (console) => console.log('{"level":"info","msg":"hello"}')],
    ["an assertion", (console) => console.assert(false, "no")],
  ])("is as it would be without us for %s", async (_, write) => {
    const { ours, nodes } = await both(write);
    expect(ours).toBe(nodes);
  });

  it("stays indented in its group", async () => {
    const { ours } = await both((console) => {
      console.group("head");
      console.log("inner");
      console.groupEnd();
      console.log("outer");
    });
    expect(ours).toBe(`head\n  ${PREFIX}inner\n${PREFIX}outer\n`);
  });

  it("is the same outside of any call", () => {
    const [ours, nodes] = [target(), target()];
    const restore = correlateConsole(ours.console);
    for (const { console } of [ours, nodes]) console.log("hello %s", "x", { a: 1 });
    restore();
    expect(ours.text()).toBe(nodes.text());
  });

  it("has the agent's name alone without an SDK", async () => {
    recorder.stop();
    const { console, text } = target();
    const restore = correlateConsole(console);
    await agent("researcher", async () => console.log("hello"))();
    restore();
    expect(text()).toBe("[researcher] hello\n");
  });
});

describe("the patch of console", () => {
  it("is not put on twice", async () => {
    const { console, text } = target();
    const restores = [correlateConsole(console), correlateConsole(console)];
    await agent("researcher", async () => console.log("hello"))();
    for (const restore of restores) restore();
    expect(text().match(/researcher/g)).toHaveLength(1);
  });

  it("can be taken off: every method is what it was", () => {
    const { console } = target();
    const before = Object.getOwnPropertyDescriptors(console);
    correlateConsole(console)();
    expect(Object.getOwnPropertyDescriptors(console)).toEqual(before);
    for (const [name, { value }] of Object.entries(before)) expect(Reflect.get(console, name)).toBe(value);
  });

  it("does nothing more when taken off below somebody else's wrapper, which stays", async () => {
    const { console, text } = target();
    const restore = correlateConsole(console);
    const patched = console.log;
    const wrapper = (...args: unknown[]) => patched("wrapped", ...args);
    console.log = wrapper;
    restore();
    await agent("researcher", async () => console.log("hello"))();
    expect(console.log).toBe(wrapper);
    expect(text()).toBe("wrapped hello\n");
  });
});

describe("the log record of a line of console", () => {
  const lines: LogLine[] = [];
  let log: Target;
  let restore: () => void;
  beforeEach(() => {
    lines.length = 0;
    logCorrelation.use(["console"], (line) => void lines.push(line));
    log = target();
    restore = correlateConsole(log.console);
  });
  afterEach(() => restore());

  it.each([
    ["debug", 5],
    ["log", 9],
    ["info", 9],
    ["warn", 13],
    ["error", 17],
  ] as const)("of %s has severity %i, and the text without ids", (level, severity) => {
    log.console[level]("hello %s", "x");
    expect(lines).toEqual([{ logger: "console", level, severity, body: "hello x" }]);
  });

  it("has the error apart", () => {
    const error = new TypeError("no");
    log.console.error("failed", error);
    expect(lines[0]?.error).toBe(error);
  });

  it("is not made for what is logged while one is made", () => {
    logCorrelation.use(["console"], (line) => {
      lines.push(line);
      log.console.log("again");
    });
    log.console.log("hello");
    expect(lines).toHaveLength(1);
    expect(log.text()).toBe("again\nhello\n");
  });

  it("cannot harm the line, not even where the user's object throws when it is shown", () => {
    const odd = {
      shown: 0,
      [Symbol.for("nodejs.util.inspect.custom")]() {
        this.shown += 1;
        if (this.shown === 1) throw new Error("first look");
        return "odd";
      },
    };
    log.console.log("hello", odd);
    expect(log.text()).toBe("hello odd\n");
  });
});
