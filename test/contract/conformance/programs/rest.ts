// What test/stack/programs/everything.ts leaves out: every attribute that a program can bring about, and the same primitives inside of an
// agent, whose span then has their events. Usage: node --import agent-otel/register rest.ts DIRECTORY
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import Anthropic from "@anthropic-ai/sdk";
import { trace } from "@opentelemetry/api";
import {
  agent,
  chat,
  circuitBreaker,
  costGuard,
  escalateFallback,
  failureModes,
  goalMet,
  handoff,
  modelRouter,
  plan,
  progressMade,
  recordEvaluation,
  requestQueue,
  safeRun,
  session,
  sqliteLedger,
  sqliteStore,
  tokenBudget,
  tool,
  toolGuard,
  workflow,
} from "agent-otel";
import { shutdown } from "agent-otel/start";
import { type ScriptedAnswer, scriptedProvider } from "agent-otel/testing";
import OpenAI from "openai";
import { Bookkeeper } from "../../../stack/programs/everything/books.ts";
import { useBreakers, useFallbacks } from "../../../stack/programs/everything/breakers.ts";
import { useGuard } from "../../../stack/programs/everything/guards.ts";
import { useLimits } from "../../../stack/programs/everything/limits.ts";
import { useMemories, useState } from "../../../stack/programs/everything/memories.ts";
import { openModels } from "../../../stack/programs/everything/models.ts";
import { useProtocol } from "../../../stack/programs/everything/protocol.ts";
import { useBudgets } from "../../../stack/programs/everything/spend.ts";
import { openTeam } from "../../../stack/programs/everything/team.ts";
import { useQueues, useSupervisor } from "../../../stack/programs/everything/work.ts";
import { useWorkflows } from "../../../stack/programs/everything/workflows.ts";
import { seeded } from "../../../stack/support/random.ts";

const [directory = ""] = process.argv.slice(2);
const ends = new AbortController();
const random = seeded(3);
const provider = await scriptedProvider({
  respond: (): ScriptedAnswer => ({
    text: "done",
    usage: { input: 900, output: 40, cacheRead: 100, cacheWrite5m: 50, reasoning: 10 },
    chunks: 3,
    chunkDelayMs: 2,
  }),
});
const openai = new OpenAI({ apiKey: "none", baseURL: provider.openaiBaseUrl, maxRetries: 0 });
const anthropic = new Anthropic({ apiKey: "none", baseURL: provider.anthropicBaseUrl, maxRetries: 0 });
const messages = [
  { role: "system" as const, content: "be short" },
  { role: "user" as const, content: "go on" },
];
const offered = {
  type: "function" as const,
  function: { name: "search", description: "Searches", parameters: { type: "object", properties: {} } },
};

/** Every parameter of a request that is recorded. */
const asksForAll = async (): Promise<void> => {
  await openai.chat.completions.create({
    model: "gpt-5-mini",
    messages,
    max_completion_tokens: 64,
    temperature: 0.5,
    top_p: 0.5,
    frequency_penalty: 0.5,
    presence_penalty: 0.5,
    seed: 7,
    stop: ["END"],
    n: 2,
    reasoning_effort: "low",
    response_format: { type: "json_object" },
    tools: [offered],
  });
  await openai.responses.create({ model: "gpt-5-mini", input: "go on", previous_response_id: "resp_1" });
  await openai.embeddings.create({
    model: "text-embedding-3-small",
    input: "a page",
    dimensions: 64,
    encoding_format: "float",
  });
  const request = { model: "claude-haiku-4-5", max_tokens: 64, top_k: 5, messages: messages.slice(1) };
  await anthropic.messages.create({ ...request, system: "be short" });
  for await (const _ of await anthropic.messages.create({ ...request, stream: true }));
  for (const operation of ["generate_content", "text_completion"] as const)
    await chat({ provider: "gcp.gemini", model: "gemini-3", operation }, async (call) =>
      call.usage({ input: 10, output: 1 }),
    );
};

const search = tool("search", async (query: string) => `pages about ${query}`, {
  description: "Searches",
  type: "datastore",
  repeatable: true,
  capture: true,
});
const reviewer = agent("reviewer", async () => goalMet());
const makePlan = plan("writer", async () => progressMade());
const writer = agent(
  "writer",
  async (subject: string) => {
    await makePlan();
    await search(subject);
    await asksForAll();
    handoff("reviewer");
    await handoff(reviewer, { mode: "return_to_caller" })();
    return subject;
  },
  {
    description: "Writes",
    version: "2",
    tools: ["search"],
    verifies: ["researcher"],
    maxIterations: 100,
    timeoutMs: 60_000,
    capture: true,
  },
);
const report = workflow(
  "report",
  async () => {
    // A call of the workflow itself, outside of its agents.
    await openai.chat.completions.create({ model: "gpt-5-mini", messages });
    await search("otters");
    await writer("otters");
  },
  { requires: ["writer"] },
);

/** Guards that refuse and routers that pick, on the span of the agent that asked. */
const refused = agent("refused", async () => {
  const guard = toolGuard({
    tools: {
      search: {
        schema: { type: "object", properties: { query: { type: "string" } }, required: ["query"] },
        run: async () => "pages",
      },
    },
  });
  for (const [name, args] of [
    ["serch", "{}"],
    ["search", '{"query":5}'],
    ["search", '{"query":"otters"}'],
  ] as const)
    await guard.call({ id: "call_1", type: "function", function: { name, arguments: args } });
  const breaker = circuitBreaker({ name: "refused", failureThreshold: 1, recoveryTimeoutMs: 600_000 });
  const down = async (): Promise<never> => {
    throw new Error("the model is overloaded");
  };
  await breaker.execute(() => search("a last time"));
  for (let i = 0; i < 2; i++) await breaker.execute(down).catch(() => undefined);
  await safeRun(down, { fallback: "sorry" });
  // Whoever is told goes on with the question as it was.
  const fallback = escalateFallback(() => undefined, { notificationOnly: true });
  const told = circuitBreaker({ name: "told", fallback });
  await told.around(async (_: { readonly question: string }): Promise<object> => down())({ question: "why" });
  const queue = requestQueue({ name: "closed", maxQueue: 1 });
  await queue.close();
  await queue.add(async () => undefined).catch(() => undefined);
  const tokens = tokenBudget({ name: "team", total: 10 });
  tokens.register("refused");
  try {
    tokens.request("refused", 100, { min: 100 });
  } catch {
    // Told on the span.
  }
  const model = { name: "gpt-5-mini", provider: "openai", maxContext: 10_000, tokensPerSecond: 100 };
  const router = modelRouter({ name: "desk", models: [model] });
  for (const inputTokens of [100, 1_000_000])
    try {
      router.route({ complexity: 3, inputTokens, outputTokens: 10 });
    } catch {
      // No model is large enough.
    }
  const nearly = costGuard({ name: "nearly", perRequestUsd: 1, hourlyUsd: 1 });
  await (await nearly.reserve(0.95)).settle(0.95);
  await nearly.execute(async () => undefined).catch(() => undefined);
});

/** A tool of a server, where it is called by an agent, and where the agent has a tool of its own around it. */
const shelver = agent("shelver", () =>
  useProtocol(async (client) => {
    const call = () => client.callTool({ name: "shelve" });
    await call();
    await tool("shelve", call)();
  }),
);

const modes = failureModes();
await session({ conversation: "ticket-4711", user: "u-1", tags: ["beta"] }, () => report());
await refused();
await shelver();

// The evaluated span has ended.
const ids = trace.getTracer("another").startSpan("theirs").spanContext();
recordEvaluation(ids, {
  name: "relevance",
  score: 0.9,
  label: "pass",
  explanation: "all there",
  responseId: "r1",
});
await agent("judged", async () => recordEvaluation(undefined, { name: "tone", score: 1 }))();

// A model call that another instrumentation tells of.
const theirs = {
  "gen_ai.operation.name": "chat",
  "gen_ai.request.model": "gpt-5-mini",
  "gen_ai.provider.name": "openai",
  "gen_ai.usage.input_tokens": 10,
  "gen_ai.usage.output_tokens": 1,
};
trace.getTracer("another").startSpan("chat gpt-5-mini", { attributes: theirs }).end();

writeFileSync(join(directory, "file"), "");
const broken = sqliteStore(join(directory, "file", "store.db"));
const store = sqliteStore(join(directory, "rest.db"));
const ledger = sqliteLedger({ path: join(directory, "rest.db") });
const models = await openModels(new Bookkeeper("rest"), random);
const team = openTeam(new Bookkeeper("rest"), models, (share) => random() < share);
const kept: unknown[] = [modes];
/** The primitives of everything.ts, on the span of an agent. */
const operator = agent("operator", async () => {
  kept.push(
    await useGuard(ledger),
    await useBudgets(team, models, store),
    await useLimits(broken, ends.signal),
    await useQueues(ends.signal),
    await useSupervisor(ends.signal),
    await useWorkflows(store, random, ends.signal),
    await useMemories(),
    await useState(store),
  );
  await useBreakers(team, ledger, broken);
  await useFallbacks(ledger);
});
await operator();

console.log(JSON.stringify({ done: true }));
ends.abort();
kept.length = 0;
await models.close();
await provider.close();
await ledger.close();
await broken.close();
await store.close();
await shutdown();
process.exit();
