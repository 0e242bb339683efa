import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";
import { run } from "./run.ts";

const CHATS = ["chat gpt-4o-mini", "chat gpt-5", "chat claude-sonnet-5"];
const TRACE_HEADERS = /^(traceparent|tracestate|baggage|b3|x-b3-.*)$/;

describe("node --import agent-otel/register", () => {
  it.each(["default", "named", "namespace", "dynamic"])(
    "sees every call of ESM with %s imports",
    async (how) => {
      const { code, spans, diag } = await run("app.mjs", { args: [how] });
      expect(diag).toEqual([]);
      expect(code).toBe(0);
      expect(spans.map(({ name }) => name)).toEqual(CHATS);
    },
  );

  it("sees every call of CommonJS", async () => {
    const { code, spans, diag } = await run("app.cjs");
    expect(diag).toEqual([]);
    expect(code).toBe(0);
    expect(spans.map(({ name }) => name)).toEqual(CHATS);
  });

  it("sends no trace context to the provider", async () => {
    const { headers } = await run("app.mjs");
    expect(headers).toHaveLength(3);
    const sent = headers.flatMap((each) => Object.keys(each));
    expect(sent.filter((name) => TRACE_HEADERS.test(name))).toEqual([]);
  });

  it("sees the calls of each copy of a client", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "node_modules/openai"), { recursive: true });
    const manifest = { name: "openai", version: "4.0.0", type: "module", exports: "./index.js" };
    await writeFile(join(folder, "node_modules/openai/package.json"), JSON.stringify(manifest));
    await writeFile(
      join(folder, "node_modules/openai/index.js"),
      `export class OpenAI {
         static Chat = { Completions: class { async create() { return { id: "theirs", model: "gpt-4" }; } } };
       }
       export default OpenAI;`,
    );
    const program = `import { OpenAI } from "openai";
      export { OpenAI };
      export const ask = () => new OpenAI.Chat.Completions().create({ model: "gpt-4", messages: [] });`;
    await writeFile(join(folder, "there.mjs"), program);
    const there = pathToFileURL(join(folder, "there.mjs")).href;
    const { spans, stdout, diag } = await run("two-copies.mjs", { args: [there] });
    expect(diag).toEqual([]);
    expect(stdout).toBe("two copies\n");
    expect(spans.map(({ name }) => name)).toEqual(["chat gpt-4o-mini", "chat gpt-4"]);
  });

  it("loads neither a client nor prices for a program that asks no model", async () => {
    const { stdout } = await run("no-clients.mjs", { preload: ["list-modules.mjs"] });
    expect(JSON.parse(stdout)).toEqual([]);
  });

  it("loads what a program with clients needs, so that the list above means something", async () => {
    const { stdout } = await run("app.mjs", { preload: ["list-modules.mjs"] });
    expect(JSON.parse(stdout).sort()).toEqual(["@anthropic-ai/sdk", "@pydantic/genai-prices", "openai"]);
  });

  it("may be given twice", async () => {
    const { spans, code } = await run("app.mjs", { preload: ["../../../src/register.ts"] });
    expect(code).toBe(0);
    expect(spans).toHaveLength(3);
  });

  it.each(["second-sdk.mjs", "second-sdk.cjs"])(
    "says on stderr when %s starts an SDK after it, and what to set",
    async (file) => {
      const { diag } = await run(file);
      expect(diag.filter((line) => line.includes("AGENT_OTEL_SDK=external"))).toHaveLength(1);
    },
  );
});

describe("Anthropic's own spans, kept on by the environment", () => {
  const env = { ANTHROPIC_OPEN_TELEMETRY: "true" };

  it.each(["app.mjs", "app.cjs"])("are the only ones of their calls, in our names (%s)", async (file) => {
    const { spans } = await run(file, { env });
    expect(spans.map(({ name }) => name)).toEqual(CHATS);
    expect(spans[2]?.attributes["gen_ai.usage.cost.amount"]).toBeGreaterThan(0);
    expect(spans[2]?.attributes).toHaveProperty("anthropic.message.stop_reason");
  });

  it("send no trace context to the provider, unless the environment asks for that as well", async () => {
    const quiet = await run("app.mjs", { env });
    const asked = await run("app.mjs", { env: { ...env, ANTHROPIC_OPEN_TELEMETRY_PROPAGATION: "true" } });
    const sent = [quiet, asked].map(({ headers }) =>
      Object.keys(headers[2] ?? {}).filter((name) => TRACE_HEADERS.test(name)),
    );
    expect(sent).toEqual([[], ["traceparent"]]);
  });

  it("give the same records as ours", async () => {
    const records = await Promise.all([run("records.ts"), run("records.ts", { env })]);
    const [ours, theirs] = records.map(({ stdout }) => stdout.trim().split("\n"));
    expect(ours).toHaveLength(3);
    expect(theirs).toEqual(ours);
  });
});

describe("without an SDK of ours", () => {
  it("OTEL_SDK_DISABLED=true exports nothing, and records and totals still flow", async () => {
    const enabled = await run("records.ts");
    const disabled = await run("records.ts", { env: { OTEL_SDK_DISABLED: "true" } });
    expect(enabled.spans).toHaveLength(3);
    expect(disabled.spans).toEqual([]);
    expect(disabled.stdout).toBe(enabled.stdout);
    expect(disabled.stdout).toContain('"subtree":{"calls":2');
  });

  it("records flow also for a client that would make its spans itself", async () => {
    const env = { OTEL_SDK_DISABLED: "true", ANTHROPIC_OPEN_TELEMETRY: "true" };
    const { stdout } = await run("records.ts", { env });
    expect(stdout).toContain('"subtree":{"calls":2');
  });

  it.each([1, 0])("AGENT_OTEL_SDK=external leaves the program its own, at a ratio of %i", async (ratio) => {
    const { stdout, diag } = await run("own-sdk.ts", {
      env: { AGENT_OTEL_SDK: "external", RATIO: String(ratio) },
    });
    expect(diag).toEqual([]);
    const spans = [
      ["chat gpt-4o-mini", "researcher"],
      ["invoke_agent researcher", "researcher"],
    ];
    expect(JSON.parse(stdout)).toEqual({ spans: ratio === 1 ? spans : [], cost: true, edges: true });
  });
});

describe("a failed call, with --unhandled-rejections=strict", () => {
  const failing = { fail: { status: 401 } };

  it("that is handled ends no program", async () => {
    const options = { answer: failing, nodeOptions: "--unhandled-rejections=strict" };
    const { code, stdout, diag } = await run("unhandled.ts", options);
    expect(diag).toEqual([]);
    expect([code, stdout]).toEqual([0, "all handled\n"]);
  });

  it.each([true, false])(
    "that nobody awaits is unhandled just as often as before (registered: %s)",
    async (registered) => {
      const { stdout } = await run("unhandled.ts", { args: ["count"], answer: failing, registered });
      expect(stdout).toBe("4\n");
    },
  );
});
