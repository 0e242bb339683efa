// A Claude supervisor that delegates to two OpenAI workers. Nothing in these files sends telemetry: the import on the command
// line does, `node --import agent-otel/register main.ts`. Here it only says who the agents and the tools are.
import { limits, logRuns, rateLimit } from "agent-otel";
import { costSummary } from "./cost-summary.ts";
import { runLogger } from "./logger.ts";
import { openProviders } from "./providers.ts";
import { makeSupervisor } from "./supervisor.ts";
import { kvTools, shellTool } from "./tools.ts";
import { makeWorker } from "./worker.ts";

const goal = process.argv.slice(2).join(" ") || "Check Python version and store it.";
/** For the whole request, the agents below included. */
const maxCostUsd = Number(process.env["DEMO_MAX_COST_USD"] || 0.5);
/** How often each agent may ask its model before it must have an answer. Agents do not stop by themselves. */
const maxIterations = Number(process.env["DEMO_MAX_ITERATIONS"] || 10);

logRuns(runLogger);
const summary = costSummary();
await using providers = await openProviders();
const { openai, anthropic } = providers;

// One for all three agents. The first ones go through at once: spreading them evenly would only make everybody wait.
const limiter = rateLimit({ name: "models", perMinute: 20, burst: 20 });

const shellWorker = makeWorker({
  name: "shell_worker",
  systemPrompt: "Execute shell commands concisely.",
  tools: [shellTool],
  openai,
  limiter,
});

const memoryWorker = makeWorker({
  name: "memory_worker",
  systemPrompt: "Store and retrieve data.",
  tools: kvTools(),
  openai,
  limiter,
});

const supervisor = makeSupervisor({
  name: "supervisor",
  systemPrompt:
    "Orchestrate subtasks using shell_worker and memory_worker. " +
    "Think carefully before delegating. Return a concise final answer.",
  workers: [shellWorker, memoryWorker],
  thinkingBudget: 4_000,
  anthropic,
  limiter,
});

console.log(`Goal:   ${goal}\nModels: ${providers.description}\n`);
try {
  const request = { name: "the request", usd: maxCostUsd, iterations: maxIterations };
  console.log(`\nAnswer: ${await limits(request, () => supervisor(goal))}\n`);
} catch (error) {
  console.log(`\nAborted: ${error instanceof Error ? error.message : String(error)}\n`);
  // Not process.exit(): the last spans are sent when the process ends by itself.
  process.exitCode = 1;
}
console.log(summary(maxCostUsd));
