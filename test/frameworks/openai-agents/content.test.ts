import { Agent } from "@openai/agents";
import { afterEach, describe, expect, it } from "vitest";
import { contentCapture } from "../../../src/agent/content/capture-mode.ts";
import { agentSpanProcessor } from "../../../src/pipeline/agent-span-processor.ts";
import { watch } from "../../agent/support.ts";
import { type Api, calls, provide, queryTool, runnerFor, says, trace } from "./support.ts";

const model = "gpt-4o-mini";
const CANARY = "canary-4711";

trace();

describe.each<Api>(["responses", "chat_completions"])(
  "text of runs of the OpenAI Agents SDK by %s",
  (api) => {
    const told = watch({ spanProcessors: [agentSpanProcessor()] });
    const scripted = provide();
    afterEach(() => contentCapture.use("NO_CONTENT"));
    const all = () =>
      JSON.stringify(told.spans.spans, (_, value) => (typeof value === "bigint" ? String(value) : value));

    async function run(): Promise<void> {
      scripted.provider.queue(calls("look", { query: CANARY }), says(CANARY));
      const tools = [queryTool("look", () => CANARY)];
      const writer = new Agent({ name: "writer", instructions: CANARY, model, tools });
      await runnerFor(scripted.provider, { api }).run(writer, CANARY);
      await expect.poll(() => told.spans.open).toEqual([]);
    }

    it("is on no span by default", async () => {
      await run();
      expect(all()).not.toContain(CANARY);
    });

    it("is on the spans of the model calls where it is asked for", async () => {
      contentCapture.use("SPAN_ONLY");
      await run();
      const [first, second] = told.spans.all(/^chat/);
      const input = (span: typeof first) => JSON.parse(String(span?.attributes["gen_ai.input.messages"]));
      expect(input(first)).toMatchObject([
        { role: "system" },
        { role: "user", parts: [{ type: "text", content: CANARY }] },
      ]);
      expect(String(first?.attributes["gen_ai.output.messages"])).toContain("tool_call");
      expect(input(second).at(-1)).toMatchObject({ role: "tool", parts: [{ type: "tool_call_response" }] });
      expect(String(second?.attributes["gen_ai.output.messages"])).toContain(CANARY);
    });
  },
);
