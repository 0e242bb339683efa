// A program as a user writes it: four agents, two models of two providers, three tools, errors. Prints what it did as JSON.
// Usage: node --import agent-otel/register workload.ts SEED TRACES
import Anthropic from "@anthropic-ai/sdk";
import { agent, tool } from "agent-otel";
import { scriptedProvider } from "agent-otel/testing";
import OpenAI from "openai";
import { add, emptyLedger } from "../support/ledger.ts";
import { seeded } from "../support/random.ts";

const GPT = "gpt-4o-mini";
const CLAUDE = "claude-haiku-4-5";
// Nano-dollars per token, from the providers' price pages: input, output, cached input, cache write of five minutes.
const PRICES = {
  [GPT]: { input: 150, output: 600, cacheRead: 75, cacheWrite: 0 },
  [CLAUDE]: { input: 1_000, output: 5_000, cacheRead: 100, cacheWrite: 1_250 },
} as const;

const random = seeded(Number(process.argv[2] ?? 1));
const traces = Number(process.argv[3] ?? 500);
const ledger = emptyLedger();
const upTo = (limit: number): number => Math.floor(random() * limit);
const fails = (share: number): boolean => random() < share;

const provider = await scriptedProvider();
const openai = new OpenAI({ apiKey: "none", baseURL: provider.openaiBaseUrl, maxRetries: 0 });
const anthropic = new Anthropic({ apiKey: "none", baseURL: provider.anthropicBaseUrl, maxRetries: 0 });

/** Asks a model, lets the provider fail now and then, and books what the provider says. */
async function ask(name: string, model: typeof GPT | typeof CLAUDE): Promise<void> {
  add(ledger.modelCalls, `${name}|${model}`);
  if (fails(0.05)) {
    add(ledger.modelFailures, `${name}|${model}`);
    provider.queue({ fail: { status: 500 } });
    await send(model).catch(() => undefined);
    return;
  }
  const input = 200 + upTo(3_000);
  const output = 1 + upTo(800);
  const cacheRead = upTo(100);
  const cacheWrite = model === CLAUDE ? upTo(100) : 0;
  const reasoning = model === GPT ? upTo(output) : 0;
  provider.queue({
    usage: { input, output, cacheRead, ...(model === CLAUDE ? { cacheWrite5m: cacheWrite } : { reasoning }) },
    chunks: 3,
  });
  await send(model);
  const key = `${name}|${model}`;
  add(ledger.tokens, `${key}|input`, input);
  add(ledger.tokens, `${key}|output`, output);
  add(ledger.tokens, `${key}|cache_read`, cacheRead);
  if (model === CLAUDE) add(ledger.tokens, `${key}|cache_write`, cacheWrite);
  else add(ledger.tokens, `${key}|reasoning`, reasoning);
  const price = PRICES[model];
  const plain = input - cacheRead - cacheWrite;
  const cost =
    plain * price.input + output * price.output + cacheRead * price.cacheRead + cacheWrite * price.cacheWrite;
  add(ledger.costNanoUsd, key, cost);
}

async function send(model: typeof GPT | typeof CLAUDE): Promise<void> {
  const stream = random() < 0.5;
  const messages = [{ role: "user" as const, content: "go on" }];
  if (model === CLAUDE) {
    const request = { model, max_tokens: 64, messages };
    if (!stream) await anthropic.messages.create(request);
    else for await (const _ of await anthropic.messages.create({ ...request, stream: true }));
  } else if (!stream) await openai.chat.completions.create({ model, messages });
  else for await (const _ of await openai.chat.completions.create({ model, messages, stream: true }));
}

const tools = Object.fromEntries(
  ["search", "read_file", "calculator"].map((name) => [
    name,
    tool(name, async (failing: boolean) => {
      if (failing) throw new TypeError("the tool broke");
    }),
  ]),
);

async function use(name: string, toolName: string): Promise<void> {
  add(ledger.toolCalls, `${name}|${toolName}`);
  const failing = fails(0.1);
  if (failing) add(ledger.toolFailures, `${name}|${toolName}`);
  await tools[toolName]!(failing).catch(() => undefined);
}

/** Calls an agent as `caller`, books the edge, and keeps its failure from the caller. */
async function call(caller: string, name: string, run: (failing: boolean) => Promise<void>): Promise<void> {
  add(ledger.agentCalls, `${caller}|${name}`);
  const failing = fails(0.08);
  if (failing) add(ledger.agentFailures, `${caller}|${name}`);
  await run(failing).catch(() => undefined);
}

const reviewer = agent("reviewer", async (failing: boolean) => {
  await ask("reviewer", CLAUDE);
  if (failing) throw new RangeError("not good enough");
});
const writer = agent("writer", async (failing: boolean) => {
  await ask("writer", GPT);
  await use("writer", "calculator");
  if (fails(0.5)) await call("writer", "reviewer", reviewer);
  if (failing) throw new Error("writer's block");
});
const researcher = agent("researcher", async (failing: boolean) => {
  await use("researcher", "search");
  await use("researcher", "read_file");
  await ask("researcher", GPT);
  if (failing) throw new Error("nothing found");
});
const planner = agent("planner", async (failing: boolean) => {
  await ask("planner", CLAUDE);
  await call("planner", "researcher", researcher);
  await call("planner", "writer", writer);
  if (fails(0.3)) await call("planner", "reviewer", reviewer);
  if (failing) throw new Error("no plan");
});

for (let trace = 0; trace < traces; trace++) await call("user", "planner", planner);
await provider.close();
process.stdout.write(JSON.stringify({ ...ledger, traces }));
