// A Claude supervisor that delegates to two OpenAI workers. Nothing in these files sends telemetry: the import on the command
// line does, `node --import agent-otel/register main.ts`. Here it only says who the agents and the tools are.
import { logRuns } from "agent-otel";
import { costSummary } from "./cost-summary.ts";
import { limits } from "./limits.ts";
import { runLogger } from "./logger.ts";
import { openProviders } from "./providers.ts";
import { makeSupervisor } from "./supervisor.ts";
import { kvTools, shellTool } from "./tools.ts";
import { makeWorker } from "./worker.ts";

const goal = process.argv.slice(2).join(" ") || "Check Python version and store it.";
const maxCostUsd = Number(process.env["DEMO_MAX_COST_USD"] || 0.5);

logRuns(runLogger);
const summary = costSummary();
await using providers = await openProviders();
const { openai, anthropic } = providers;

// One for all three agents: the rate and the money are those of the whole request.
const beforeModelCall = limits({ maxCostUsd, callsPerMinute: 20 });

const shellWorker = makeWorker({
  name: "shell_worker",
  systemPrompt: "Execute shell commands concisely.",
  tools: [shellTool],
  openai,
  beforeModelCall,
});

const memoryWorker = makeWorker({
  name: "memory_worker",
  systemPrompt: "Store and retrieve data.",
  tools: kvTools(),
  openai,
  beforeModelCall,
});

const supervisor = makeSupervisor({
  name: "supervisor",
  systemPrompt:
    "Orchestrate subtasks using shell_worker and memory_worker. " +
    "Think carefully before delegating. Return a concise final answer.",
  workers: [shellWorker, memoryWorker],
  thinkingBudget: 4_000,
  anthropic,
  beforeModelCall,
});

console.log(`Goal:   ${goal}\nModels: ${providers.description}\n`);
try {
  console.log(`\nAnswer: ${await supervisor(goal)}\n`);
} catch (error) {
  console.log(`\nAborted: ${error instanceof Error ? error.message : String(error)}\n`);
  // Not process.exit(): the last spans are sent when the process ends by itself.
  process.exitCode = 1;
}
console.log(summary(maxCostUsd));
