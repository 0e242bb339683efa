import { readFileSync } from "node:fs";
import * as sdk from "@openai/agents";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { triage } from "../../examples/openai-agents/desk.ts";
import { script } from "../../examples/openai-agents/provider.ts";
import { traceOpenAIAgents } from "../../src/frameworks/openai-agents/index.ts";
import { agentSpanProcessor } from "../../src/pipeline/agent-span-processor.ts";
import { formatTrace } from "../../src/telemetry/format-trace.ts";
import { scriptedProvider } from "../../src/testing/scripted-provider.ts";
import { SpanRecorder } from "../../src/testing/span-recorder.ts";

/** A line of a drawn trace: branches, name, two spaces at least. */
const TREE_LINE = /^[│├└─ ]*((?:invoke_|execute_|chat |guardrail )[^|]*?) {2,}.*$/gm;

describe("the example with the OpenAI Agents SDK", () => {
  let recorder: SpanRecorder;
  let answer: unknown;
  beforeAll(async () => {
    sdk.setTracingDisabled(false);
    traceOpenAIAgents(sdk, { sendToOpenAI: false });
    recorder = new SpanRecorder({ spanProcessors: [agentSpanProcessor()] });
    await using provider = await scriptedProvider();
    script(provider);
    sdk.setDefaultOpenAIClient(new OpenAI({ apiKey: "scripted", baseURL: provider.openaiBaseUrl }));
    answer = (await sdk.run(triage, "Warum wurde Otter Ltd zweimal belastet?")).finalOutput;
    await vi.waitFor(() => expect(recorder.open).toEqual([]));
  });
  afterAll(() => recorder.stop());
  const attributesOf = (name: string) => recorder.get(name).attributes;

  it("answers", () => {
    expect(answer).toContain("zweimal");
  });

  it("shows who called whom, through the handoff and the agent that is a tool", () => {
    expect(attributesOf("invoke_agent billing")["gen_ai.caller.name"]).toBe("triage");
    expect(attributesOf("invoke_agent translator")["gen_ai.caller.name"]).toBe("billing");
  });

  it("shows the guardrail, and that it let the question pass", () => {
    expect(attributesOf("guardrail no card numbers")["agents.guardrail.triggered"]).toBe(false);
  });

  it("adds all five model calls up in its workflow", () => {
    expect(attributesOf("invoke_workflow Agent workflow")).toMatchObject({
      "agents.subtree.calls": 5,
      "agents.subtree.tokens": 1_241,
    });
  });

  it("comes out as its page in docs shows it", () => {
    const page = readFileSync(new URL("../../docs/frameworks/openai-agents.md", import.meta.url), "utf8");
    const names = (text: string) => [...text.matchAll(TREE_LINE)].map(([, name]) => name?.trim());
    expect(names(page)).toEqual(names(formatTrace(recorder.spans)));
  });
});
