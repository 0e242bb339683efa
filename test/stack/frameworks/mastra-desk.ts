import { createOpenAI } from "@ai-sdk/openai";
import { z } from "zod";
import { agentOtelBridge, type MastraOptions } from "../../../src/frameworks/mastra/index.ts";
import type { ScriptedProvider } from "../../../src/testing/scripted-provider.ts";
import { BILLING, MODEL, RESEARCHER, SEARCH, TRIAGE } from "../../frameworks/support/scene.ts";
import { installFrameworks, load } from "./packages.ts";

installFrameworks();
type Make<T> = new (options: Readonly<Record<string, unknown>>) => T;
const { Mastra } = await load<{ Mastra: Make<MastraLike> }>("@mastra/core/dist/mastra/index.js");
const { Agent } = await load<{ Agent: Make<MastraAgent> }>("@mastra/core/dist/agent/index.js");
const { createTool } = await load<{ createTool: (options: object) => unknown }>(
  "@mastra/core/dist/tools/index.js",
);
const { createWorkflow, createStep } = await load<{
  createWorkflow: (options: object) => WorkflowBuilder;
  createStep: (options: object) => unknown;
}>("@mastra/core/dist/workflows/index.js");
const { Observability } = await load<{ Observability: Make<unknown> }>("@mastra/observability/dist/index.js");

interface MastraLike {
  getAgent(name: string): MastraAgent;
  getWorkflow(name: string): MastraWorkflow;
}

/** What the tests use of Mastra. */
export interface MastraAgent {
  generate(prompt: string, options?: object): Promise<{ readonly text: string }>;
  stream(prompt: string, options?: object): Promise<{ readonly textStream: AsyncIterable<string> }>;
}

export interface MastraWorkflow {
  createRun(): Promise<{ start(input: object): Promise<{ readonly status: string }> }>;
}

interface WorkflowBuilder {
  then(step: unknown): WorkflowBuilder;
  commit(): unknown;
}

export interface MastraDesk {
  readonly researcher: MastraAgent;
  readonly triage: MastraAgent;
  readonly workflow: MastraWorkflow;
}

export interface DeskOptions extends MastraOptions {
  /** @default returns a page */
  readonly search?: (query: string) => unknown;
  /** Of Mastra's observability, beside the bridge. */
  readonly config?: object;
  readonly maxRetries?: number;
}

/** A researcher with a tool, a workflow that asks it, and a triage with a colleague. */
export function mastraDesk(
  { openaiBaseUrl }: ScriptedProvider,
  { search = (query) => `pages about ${query}`, config, maxRetries = 0, ...options }: DeskOptions = {},
): MastraDesk {
  const model = createOpenAI({ baseURL: openaiBaseUrl, apiKey: "none" }).chat(MODEL);
  const query = z.object({ query: z.string() });
  const execute = async ({ query }: { readonly query: string }) => search(query);
  const tools = { [SEARCH]: createTool({ id: SEARCH, description: "Finds.", inputSchema: query, execute }) };
  const own = { instructions: "Be brief.", model, maxRetries };
  const billing = new Agent({ ...own, id: BILLING, name: BILLING, description: "Knows invoices." });
  const triage = new Agent({ ...own, id: TRIAGE, name: TRIAGE, agents: { [BILLING]: billing } });
  const researcher = new Agent({ ...own, id: RESEARCHER, name: RESEARCHER, tools });
  const text = z.object({ text: z.string() });
  const ask = createStep({
    id: "ask",
    inputSchema: text,
    outputSchema: text,
    execute: async ({ inputData }: { readonly inputData: { readonly text: string } }) => ({
      text: (await mastra.getAgent(RESEARCHER).generate(inputData.text)).text,
    }),
  });
  const nightly = createWorkflow({ id: "nightly", inputSchema: text, outputSchema: text }).then(ask).commit();
  const bridge = agentOtelBridge(options);
  const observability = new Observability({
    configs: { default: { ...config, serviceName: "desk", bridge } },
  });
  const mastra = new Mastra({
    agents: { [RESEARCHER]: researcher, [TRIAGE]: triage, [BILLING]: billing },
    workflows: { nightly },
    logger: false,
    observability,
  });
  return {
    researcher: mastra.getAgent(RESEARCHER),
    triage: mastra.getAgent(TRIAGE),
    workflow: mastra.getWorkflow("nightly"),
  };
}
