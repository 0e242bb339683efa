// A LangGraph graph in which one agent fails and recovers, and the next one never builds on what it has left behind. Nothing in these
// files sends telemetry: the import on the command line does, `node --import agent-otel/register main.ts`.
import { setTimeout as sleep } from "node:timers/promises";
import { cascadeGuard, circuitBreaker, workflow } from "agent-otel";
import { makeAgents } from "./agents.ts";
import { makeGraph } from "./graph.ts";
import { openProvider } from "./provider.ts";

const RECOVERY_MS = 300;

await using provider = await openProvider();
const breaker = circuitBreaker({
  name: "extract_agent",
  failureThreshold: 2,
  recoveryTimeoutMs: RECOVERY_MS,
});
const guard = cascadeGuard();
const graph = makeGraph({ agents: makeAgents(provider.openai), breaker, guard });

/** One conversation: the graph keeps its state in between, so the entities of the first document are still there later. */
const thread = "demo";

const run = workflow("analyse_document", async (title: string): Promise<void> => {
  const config = { configurable: { thread_id: thread } };
  const { extracted_entities, analysis } = await graph.invoke(
    { raw_document: "Otters live in rivers." },
    config,
  );
  const why = guard.why("extracted_entities", thread);
  console.log(`${title}
  the graph's own state   ${JSON.stringify(extracted_entities)}
  what readers get        ${JSON.stringify(guard.view({ extracted_entities }, thread).extracted_entities)}
  why                     ${why === undefined ? "nothing is held back" : `${why.reason} because of ${why.by}`}
  breaker                 ${breaker.state}
  analysis                ${analysis}
`);
});

await run("1. The extractor works.");
await run("2. It answers nonsense.");
await run("3. It does so again: the breaker opens.");
await run("4. It is not even asked.");
await sleep(2 * RECOVERY_MS);
await run("5. It has recovered.");
