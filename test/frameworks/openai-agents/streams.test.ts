import { Agent } from "@openai/agents";
import { describe, expect, it } from "vitest";
import { agent } from "../../../src/index.ts";
import { agentSpanProcessor } from "../../../src/pipeline/agent-span-processor.ts";
import { limits } from "../../../src/spend/limits.ts";
import { watch } from "../../agent/support.ts";
import { type Api, calls, provide, queryTool, runnerFor, says, trace } from "./support.ts";

const model = "gpt-4o-mini";

trace();

describe.each<Api>(["responses", "chat_completions"])(
  "a streamed run of the OpenAI Agents SDK by %s",
  (api) => {
    const told = watch({ spanProcessors: [agentSpanProcessor()] });
    const scripted = provide();
    const stream = (first: Agent, signal?: AbortSignal) =>
      runnerFor(scripted.provider, { api }).run(first, "Otters?", {
        stream: true,
        ...(signal && { signal }),
      });
    const over = () => expect.poll(() => told.spans.open).toEqual([]);
    const writer = () => new Agent({ name: "writer", model });
    const long = {
      text: "An answer that is long enough to come in more than two pieces.",
      usage: { input: 50, output: 15 },
    };

    it("has the tokens that come with its last event", async () => {
      scripted.provider.queue(long);
      const result = await stream(writer());
      for await (const _ of result);
      await over();
      expect(told.spans.get(`chat ${model}`).attributes["gen_ai.usage.output_tokens"]).toBe(15);
    });

    it("ends with its last event, not where it was handed out", async () => {
      scripted.provider.queue(long);
      const result = await stream(writer());
      expect(told.spans.all("invoke_agent writer")).toEqual([]);
      for await (const _ of result);
      await over();
      expect(told.spans.all("invoke_agent writer")).toHaveLength(1);
    });

    it("has its turns, tools and agents in their places", async () => {
      scripted.provider.queue(calls("look"), long);
      const look = queryTool("look", () => agent("expert", () => "x")());
      const result = await stream(new Agent({ name: "writer", model, tools: [look] }));
      for await (const _ of result);
      await over();
      expect(told.spans.get("invoke_agent expert").attributes["gen_ai.caller.name"]).toBe("writer");
      expect(told.spans.childrenOf(told.spans.get("invoke_agent writer"))).toHaveLength(3);
    });

    it("is over where its reader goes away", async () => {
      scripted.provider.queue(long);
      const result = await stream(writer());
      for await (const _ of result.toTextStream()) break;
      await over();
      expect(told.spans.all(`chat ${model}`)).toHaveLength(1);
    });

    it("is over where nobody reads it", async () => {
      scripted.provider.queue(long);
      await stream(writer());
      await over();
      expect(told.spans.all("invoke_agent writer")).toHaveLength(1);
    });

    it("is no failure of the model where the program has broken it off", async () => {
      scripted.provider.queue({ ...long, stallAfterChunks: 2 });
      const abort = new AbortController();
      const result = await stream(writer(), abort.signal);
      for await (const _ of result.toTextStream()) abort.abort();
      await result.completed.catch(() => {});
      await over();
      expect(told.spans.all(`chat ${model}`, { failed: false })).toHaveLength(1);
    });

    it("has failed where its model has, with its workflow", async () => {
      scripted.provider.queue({ fail: { status: 400, message: "unfit" } });
      const result = await stream(writer());
      await expect(result.completed).rejects.toMatchObject({ status: 400 });
      await over();
      expect(told.spans.all({ failed: true })).toHaveLength(3);
    });

    it("throws the refusal of a limit to its reader", async () => {
      scripted.provider.queue(calls("look"), long);
      const look = queryTool("look", () => "x");
      const read = limits({ modelCalls: 1 }, async () => {
        const result = await stream(new Agent({ name: "writer", model, tools: [look] }));
        for await (const _ of result);
        await result.completed;
      });
      await expect(read).rejects.toMatchObject({ code: "limit_exceeded" });
      await over();
      expect(scripted.provider.requests).toHaveLength(1);
    });

    it("does not mix with others at the same time", async () => {
      const names = ["first", "second", "third", "fourth"];
      for (const _ of names) scripted.provider.queue(says("Yes."));
      const results = await Promise.all(names.map((name) => stream(new Agent({ name, model }))));
      await Promise.all(results.map(({ completed }) => completed));
      await over();
      expect(
        told.spans
          .all(/^chat/)
          .map(({ attributes }) => attributes["gen_ai.agent.name"])
          .toSorted(),
      ).toEqual(names.toSorted());
      expect(new Set(told.spans.spans.map(({ traceId }) => traceId)).size).toBe(names.length);
    });
  },
);
