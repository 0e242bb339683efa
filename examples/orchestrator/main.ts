// The app of deploy/kubernetes/agent-orchestrator.yaml. Run it with
// `node --import agent-otel/register examples/orchestrator/main.ts`, then
// `curl -d '{"task":"research otters"}' http://127.0.0.1:8080/run`
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { readiness } from "agent-otel";
import { makeOrchestrator } from "./agents.ts";
import { guardTasks } from "./guarded-tasks.ts";
import { openModels } from "./models.ts";
import { makeServer } from "./server.ts";
import { readSettings, type Settings, SettingsError } from "./settings.ts";

async function main(settings: Settings): Promise<void> {
  const stopped = ended();
  await using models = await openModels(process.env);
  const { run, queue, store } = guardTasks(makeOrchestrator(models.openai), settings);
  const stopping = new AbortController();
  const giveUp = new AbortController();
  const server = makeServer({
    run,
    stopping: stopping.signal,
    giveUp: giveUp.signal,
    readiness: readiness({
      // A provider that is down is down for all replicas: taking them out of service would help nobody, and the breaker answers.
      providers: [{ name: "openai", client: models.openai, required: false }],
      stores: store ? [{ store, name: "redis" }] : [],
      collector: true,
    }),
  });
  server.listen(settings.port, settings.host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  console.log(
    `listening on http://${settings.host}:${port}, ${settings.maxConcurrentAgents} agents at once, ` +
      `$${settings.costLimitHourlyUsd} an hour, ${models.description}`,
  );

  console.log(`${await stopped}: taking no more tasks, finishing ${queue.running + queue.size}`);
  stopping.abort();
  const late = setTimeout(() => giveUp.abort(new Error("stopping")), settings.drainMs);
  await queue.drain();
  clearTimeout(late);
  // Answers under way are written; connections that only wait for a next request are not waited for.
  const closed = once(server, "close");
  server.close();
  server.closeIdleConnections();
  const linger = setTimeout(() => server.closeAllConnections(), 1_000);
  await closed;
  clearTimeout(linger);
  await store?.close();
  console.log("stopped");
  // Not process.exit(): the last spans are sent when the process ends by itself.
}

function ended(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve(signal));
  });
}

try {
  await main(readSettings(process.env));
} catch (error) {
  const isOperators = error instanceof SettingsError || (error instanceof Error && "syscall" in error);
  console.error(isOperators ? error.message : error);
  process.exitCode = 1;
}
