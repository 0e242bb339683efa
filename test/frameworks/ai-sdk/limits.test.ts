import { embed, generateObject, generateText, isStepCount, streamText, tool } from "ai";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { costGuard, limits } from "../../../src/index.ts";
import * as names from "../../../src/telemetry/semconv.ts";
import { openDesk } from "./desk.ts";

const desk = openDesk();
const USAGE = { input: 1_000, output: 500 };
const search = tool({ inputSchema: z.object({}), execute: async () => "pages" });
const AGAIN = { toolCalls: [{ name: "search", arguments: {} }], usage: USAGE };

function research() {
  return {
    model: desk.openai("gpt-4o-mini"),
    prompt: "Otters?",
    tools: { search },
    stopWhen: isStepCount(10),
    telemetry: { functionId: "researcher" },
  };
}

describe("a limit", () => {
  it("stops the loop of an agent before its next model call", async () => {
    desk.provider.queue(AGAIN, AGAIN, AGAIN);
    const run = limits({ iterations: 2 }, () => generateText(research()));
    await expect(run).rejects.toMatchObject({ code: "limit_exceeded" });
    expect(desk.provider.requests).toHaveLength(2);
    expect(desk.spans.get("invoke_agent researcher").attributes[names.ATTR_ERROR_TYPE]).toBe(
      "limit_exceeded",
    );
  });

  it("stops the loop of a streamed agent", async () => {
    desk.provider.queue(AGAIN, AGAIN, AGAIN);
    const errors: unknown[] = [];
    await limits({ iterations: 2 }, async () => {
      const { textStream } = streamText({ ...research(), onError: ({ error }) => void errors.push(error) });
      for await (const _ of textStream);
    });
    expect(errors).toMatchObject([{ code: "limit_exceeded" }]);
    expect(desk.provider.requests).toHaveLength(2);
  });

  it("of money counts what each call has cost", async () => {
    desk.provider.queue(AGAIN, AGAIN, AGAIN);
    const run = limits({ usd: 0.0005 }, () => generateText(research()));
    await expect(run).rejects.toMatchObject({ code: "limit_exceeded" });
    expect(desk.provider.requests).toHaveLength(2);
  });

  it("of tool calls is told to the model as the tool's error", async () => {
    desk.provider.queue(AGAIN, AGAIN, { text: "I give up." });
    const { steps } = await limits({ toolCalls: 1 }, () => generateText(research()));
    expect(steps[1]?.content.map(({ type }) => type)).toContain("tool-error");
    expect(desk.spans.all("execute_tool search")).toHaveLength(1);
  });

  it("cannot stop an object or an embedding, which count all the same", async () => {
    desk.provider.queue({ text: '{"a":1}', usage: USAGE }, { usage: { input: 8 } });
    const { model, prompt } = research();
    await limits({ modelCalls: 0, name: "none" }, async () => {
      await generateObject({ model, prompt, schema: z.object({ a: z.number() }) });
      await embed({ model: desk.openai.embedding("text-embedding-3-small"), value: "otters" });
    });
    expect(desk.spans.spans.map(({ attributes }) => attributes[names.ATTR_USAGE_INPUT])).toEqual([1_000, 8]);
  });
});

describe("a cost guard", () => {
  it("refuses a call of the AI SDK when the money is spent", async () => {
    desk.provider.queue(AGAIN, AGAIN, AGAIN);
    const guard = costGuard({ perRequestUsd: 0.0005 });
    await expect(guard.execute(() => generateText(research()))).rejects.toMatchObject({
      code: "budget_exceeded",
    });
    expect(desk.provider.requests).toHaveLength(2);
  });
});
