import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runProgram } from "../../pipeline/fixtures/run-program.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import * as drivers from "./drivers.ts";
import { type ReplyServer, replyServer } from "./server.ts";

const register = new URL("../../../src/register.ts", import.meta.url).href;
const all = Object.entries(drivers).flatMap(([key, driver]) =>
  typeof driver === "object" ? [[key, driver] as const] : [],
);

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly warnings: readonly string[];
  readonly spans: readonly { readonly name: string; readonly input: unknown; readonly finish: unknown }[];
}

/** Runs a program as `node --import agent-otel/register` does, against a server for each client. */
async function run(file: string, registered = true): Promise<Ran> {
  await using servers = new AsyncDisposableStack();
  const urls: Record<string, string> = {};
  for (const [key, { protocol, replies }] of all) {
    const server: ReplyServer = servers.use(await replyServer(replies.plain, protocol));
    server.replyTo = (body, path) =>
      /stream/i.test(path) || /"stream":true/.test(body) ? replies.stream : replies.plain;
    urls[key] = server.url;
  }
  const traceFile = join(await temporaryFolder(), "trace.jsonl");
  using program = runProgram(file, [], {
    NODE_OPTIONS: registered ? `--import=${register}` : "",
    URLS: JSON.stringify(urls),
    OTEL_TRACES_EXPORTER: "none",
    OTEL_METRICS_EXPORTER: "none",
    AGENT_OTEL_TRACE_FILE: traceFile,
  });
  const { code, stdout, diag } = await program.ended;
  const lines = (await readFile(traceFile, "utf8").catch(() => "")).split("\n").filter((line) => line !== "");
  return {
    code,
    stdout,
    warnings: diag.filter((line) => !line.includes(" INFO ")),
    spans: lines.flatMap(spansOf),
  };
}

interface Exported {
  readonly name: string;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

function spansOf(line: string): Ran["spans"] {
  const request = JSON.parse(line) as {
    readonly resourceSpans: readonly {
      readonly scopeSpans: readonly { readonly spans: readonly Exported[] }[];
    }[];
  };
  const spans = request.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
  return spans.map(({ name, attributes }) => {
    const of = (key: string): unknown =>
      Object.values(attributes.find((each) => each.key === key)?.value ?? {})[0];
    const reasons = of("gen_ai.response.finish_reasons") as { values: { stringValue: string }[] } | undefined;
    return { name, input: of("gen_ai.usage.input_tokens"), finish: reasons?.values[0]?.stringValue };
  });
}

function program(file: string): string {
  return fileURLToPath(new URL(`programs/${file}`, import.meta.url));
}

describe("node --import agent-otel/register", () => {
  it.each([
    ["esm.mjs", "true true\n"],
    ["cjs.cjs", "done\n"],
  ])("sees every call of every client: %s", async (file, printed) => {
    const { code, stdout, warnings, spans } = await run(program(file));
    expect(warnings.filter((line) => !line.includes("no price is known"))).toEqual([]);
    expect([code, stdout]).toEqual([0, printed]);
    for (const [, { expected }] of all) {
      const name = `${expected.operation} ${expected.model}`;
      const counted = { name, input: expected.usage.input, finish: expected.finish };
      const found = spans.filter((span) => span.name === name);
      expect(found).toHaveLength(3);
      expect(found.slice(0, 2)).toEqual([counted, counted]);
      expect(found[2]?.finish).toBe("error");
    }
    expect(spans).toHaveLength(15);
  });

  it("patches each build of a package once", async () => {
    const { stdout, spans } = await run(program("both.mjs"));
    expect(stdout).toBe("two builds\n");
    expect(spans).toHaveLength(3);
  });

  it("shows a program the exports that it would see without it", async () => {
    const [ours, theirs] = await Promise.all([
      run(program("exports.mjs")),
      run(program("exports.mjs"), false),
    ]);
    expect(ours.stdout).toBe(theirs.stdout);
    expect(ours.stdout.split("\n")).toHaveLength(6);
  });

  it("leaves a version alone whose exports it does not know, with one warning", async () => {
    const folder = await temporaryFolder();
    const home = join(folder, "node_modules/@mistralai/mistralai");
    await mkdir(home, { recursive: true });
    const manifest = {
      name: "@mistralai/mistralai",
      version: "0.5.0",
      type: "module",
      exports: "./index.js",
    };
    await writeFile(join(home, "package.json"), JSON.stringify(manifest));
    await writeFile(join(home, "index.js"), 'export default class { chat() { return "theirs"; } }');
    const source = 'import Client from "@mistralai/mistralai";\nconsole.log(new Client().chat());';
    await writeFile(join(folder, "program.mjs"), `${source}\nawait import("@mistralai/mistralai");`);
    const { code, stdout, warnings } = await run(join(folder, "program.mjs"));
    expect([code, stdout]).toEqual([0, "theirs\n"]);
    expect(warnings).toEqual([expect.stringContaining("version 0 of @mistralai/mistralai is not known")]);
  });
});
