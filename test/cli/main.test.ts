import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const OLD = "aaaa0000000000000000000000000001";
const NEW = "aaaa0000000000000000000000000002";
const OTHER = "bbbb0000000000000000000000000003";

describe("agent-otel", () => {
  let directory: string;
  let file: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "agent-otel-"));
    file = join(directory, "spans.jsonl");
    writeFileSync(file, line(OLD, "old", 100) + line(NEW, "new", 300) + line(OTHER, "other", 200));
  });

  afterAll(() => rmSync(directory, { recursive: true }));

  it("lists its commands, its version, and a command's own help", async () => {
    const help = await run("--help");
    expect(help).toMatchObject({ code: 0, err: "" });
    expect(help.out).toMatch(/^ {2}trace +show a trace/m);
    expect((await run("--version")).out).toMatch(/^\d+\.\d+\.\d+/);
    expect((await run("trace", "--help")).out).toMatch(/^Usage: agent-otel trace FILE/);
    expect((await run("help", "trace")).out).toMatch(/^Usage: agent-otel trace FILE/);
  });

  it.each([
    [[], 'no command given\nTry "agent-otel --help"'],
    [["nope"], 'there is no command "nope"\nTry "agent-otel --help"'],
    [["trace"], 'trace needs a FILE or a TRACE_ID\nTry "agent-otel trace --help"'],
    [["trace", "f", "--nope"], "Unknown option '--nope'"],
    [["trace", "f", "a", "b"], 'not also "b"'],
    [["trace", "f", "a", "--all"], "not two of them"],
  ])("says what is wrong with %j and leaves with 2", async (args, message) => {
    const result = await run(...args);
    expect(result).toMatchObject({ code: 2, out: "" });
    expect(result.err).toContain(message);
  });

  it("shows the newest trace, and says how many others there are", async () => {
    expect(await run("trace", file)).toEqual({
      code: 0,
      out: `Trace ${NEW} — 20 ms — 0 calls\n\nnew   20 ms\n`,
      err: `\n2 more traces in ${file}: see --list and --all\n`,
    });
  });

  it("finds a trace by the start of its id", async () => {
    const { code, out, err } = await run("trace", file, "BBBB");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain(`Trace ${OTHER}`);
  });

  it("names what exists when the id is unknown or not unique", async () => {
    const unknown = await run("trace", file, "cc");
    expect(unknown.code).toBe(1);
    expect(unknown.err).toMatch(
      new RegExp(`starts with "cc"; it holds:\n${NEW} .*\n${OTHER} .*\n${OLD} .*\n$`),
    );
    const twice = await run("trace", file, "aaaa");
    expect(twice.code).toBe(1);
    expect(twice.err).toMatch(new RegExp(`start with "aaaa"; give more digits:\n${NEW} .*\n${OLD} .*\n$`));
  });

  it("shows all traces, or a list of them", async () => {
    const all = await run("trace", file, "--all");
    expect(all.out.match(/^Trace \w+/gm)).toEqual([OLD, OTHER, NEW].map((id) => `Trace ${id}`));
    expect((await run("trace", file, "--list")).out).toBe(
      [
        `${NEW}   2025-11-13 02:18:20Z        20 ms   1 span    new`,
        `${OTHER}   2025-11-13 02:16:40Z        20 ms   1 span    other`,
        `${OLD}   2025-11-13 02:15:00Z        20 ms   1 span    old`,
        "",
      ].join("\n"),
    );
  });

  it("prints attributes, or JSON with times as text", async () => {
    expect((await run("trace", file, "--attributes")).out).toContain("\n   note: a\\x9bb\n");
    const { out } = await run("trace", file, "--json");
    expect(out).not.toContain("\u009b");
    expect(JSON.parse(out)).toMatchObject({
      name: "new",
      kind: "CLIENT",
      startNs: "1763000300000000000",
      attributes: { note: "a\u009bb" },
    });
  });

  it("colours when told to", async () => {
    expect((await run("trace", file)).out).not.toContain("\x1b");
    expect((await run("trace", file, "--color")).out).toContain("\x1b[1mTrace");
    expect((await run({ FORCE_COLOR: "1" }, "trace", file)).out).toContain("\x1b[1mTrace");
    expect((await run({ FORCE_COLOR: "1", NO_COLOR: "1" }, "trace", file)).out).not.toContain("\x1b");
    expect((await run({ FORCE_COLOR: "1" }, "trace", file, "--no-color")).out).not.toContain("\x1b");
  });

  it("shows what can be read of a damaged file and says what cannot", async () => {
    const damaged = join(directory, "damaged.jsonl");
    writeFileSync(damaged, `junk\n${line(OLD, "old", 1)}${line(NEW, "new", 2).slice(0, -9)}`);
    const result = await run("trace", damaged);
    expect(result.out).toContain(`Trace ${OLD}`);
    expect(result.err).toBe(
      `agent-otel: ${damaged}: 1 of its lines are not OTLP/JSON traces\n` +
        `agent-otel: ${damaged}: its last line is not complete\n`,
    );
  });

  it("fails when the file is missing or holds no spans", async () => {
    const missing = join(directory, "missing.jsonl");
    expect(await run("trace", missing)).toEqual({
      code: 1,
      out: "",
      err: `agent-otel: cannot read ${missing}: no such file\n`,
    });
    const empty = join(directory, "empty.jsonl");
    writeFileSync(empty, "");
    expect(await run("trace", empty)).toEqual({
      code: 1,
      out: "",
      err: `agent-otel: ${empty} holds no spans\n`,
    });
  });

  it("ends quietly when its reader has seen enough", async () => {
    const large = join(directory, "large.jsonl");
    const spans = Array.from({ length: 20_000 }, (_, id) => line(OLD, `span ${id}`, 1, id + 1)).join("");
    writeFileSync(large, spans);
    const child = start({}, ["trace", large]);
    let err = "";
    child.stderr.on("data", (chunk) => {
      err += chunk;
    });
    child.stdout.once("data", () => child.stdout.destroy());
    const [code] = await once(child, "close");
    expect({ code, err }).toEqual({ code: 0, err: "" });
  });
});

function line(traceId: string, name: string, second: number, spanId = 1): string {
  const start = 1763000000000n + BigInt(second) * 1000n;
  const span = {
    traceId,
    spanId: spanId.toString(16).padStart(16, "0"),
    name,
    kind: 3,
    startTimeUnixNano: `${start}000000`,
    endTimeUnixNano: `${start + 20n}000000`,
    attributes: [{ key: "note", value: { stringValue: "a\u009bb" } }],
  };
  return `${JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })}\n`;
}

type Env = Readonly<Record<string, string>>;

/** Runs the command. @param args What to set in its environment may stand among them. */
async function run(...args: (string | Env)[]): Promise<{ code: number; out: string; err: string }> {
  const child = start(
    args.find((arg) => typeof arg === "object") ?? {},
    args.filter((arg) => typeof arg === "string"),
  );
  const result = { code: -1, out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    result.out += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    result.err += chunk;
  });
  [result.code] = (await once(child, "close")) as [number];
  return result;
}

function start(env: Env, args: readonly string[]) {
  const { PATH = "" } = process.env;
  return spawn(process.execPath, [MAIN, ...args], {
    env: { PATH, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}
