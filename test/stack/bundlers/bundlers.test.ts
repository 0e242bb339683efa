import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { root } from "../../contract/source-files.ts";
import { bundlers } from "./bundle.ts";
import { bundleFolder, removeBundles, runBundle } from "./bundled-program.ts";

const ENTRY = join(root, "test/stack/bundlers/program/main.ts");
const AGENTS = [
  { name: "invoke_agent researcher", agent: "researcher" },
  { name: "invoke_agent writer", agent: "writer" },
];
const usage = { inputTokens: expect.anything(), cost: expect.any(Number) };
const [research, write] = AGENTS;
const EVERY_CALL = [
  { name: "chat claude-sonnet-5", agent: "researcher", ...usage },
  research,
  { name: "chat gpt-5", agent: "writer", ...usage },
  write,
];
const UNSEEN = "made no span";
const SECOND_COPY = "a second copy of agent-otel";

afterAll(removeBundles);

describe.each(Object.entries(bundlers))("a program bundled by %s", (name, bundle) => {
  const bundles = new Map<string, Promise<string>>();
  const bundled = (external: readonly string[] = []) => {
    const key = `outside-${external.length}`;
    const file = bundles.get(key) ?? bundle({ entry: ENTRY, to: bundleFolder(name, key), external });
    bundles.set(key, file);
    return file;
  };

  it("has every span with start() and observe(), all in one file", async () => {
    const { spans, warnings, requests } = await runBundle(await bundled(), { ways: ["start", "observe"] });
    expect(spans).toMatchObject(EVERY_CALL);
    expect(requests).toBe(2);
    expect(warnings).toEqual([]);
  });

  it("has every span with chat() around a call", async () => {
    // Anthropic's client makes spans of its own where OpenTelemetry is started in code.
    const env = { ANTHROPIC_OPEN_TELEMETRY: "false" };
    const { spans, warnings } = await runBundle(await bundled(), { ways: ["start", "chat"], env });
    expect(spans).toMatchObject([EVERY_CALL[0], research, write]);
    expect(spans).toHaveLength(3);
    expect(warnings).toEqual([]);
  });

  it("has every span with register and observe(), agent-otel outside", async () => {
    const options = { register: true, ways: ["observe"] };
    const { spans, warnings } = await runBundle(await bundled(["agent-otel"]), options);
    expect(spans).toMatchObject(EVERY_CALL);
    expect(warnings).toEqual([]);
  });

  it("has every span with register alone, agent-otel and the clients outside", async () => {
    const file = await bundled(["agent-otel", "openai", "@anthropic-ai/sdk"]);
    const { spans, warnings } = await runBundle(file, { register: true });
    expect(spans).toMatchObject(EVERY_CALL);
    expect(warnings).toEqual([]);
  });

  it("is told once by register that its clients cannot be seen", async () => {
    const { spans, warnings } = await runBundle(await bundled(["agent-otel"]), { register: true });
    expect(spans).toMatchObject(AGENTS);
    expect(spans).toHaveLength(2);
    expect(warnings).toEqual([expect.stringContaining(UNSEEN)]);
  });

  it("is told nothing where telemetry is off by choice", async () => {
    const options = { register: true, env: { OTEL_SDK_DISABLED: "true" } };
    const { spans, warnings } = await runBundle(await bundled(["agent-otel"]), options);
    expect([spans, warnings]).toEqual([[], []]);
  });

  it("is told once by register that it has a second copy of agent-otel in it", async () => {
    const { spans, warnings } = await runBundle(await bundled(), { register: true, ways: ["observe"] });
    expect(spans).toMatchObject(EVERY_CALL);
    expect(warnings).toEqual([expect.stringContaining(SECOND_COPY)]);
  });
});
