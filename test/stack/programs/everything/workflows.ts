import { setTimeout as wait } from "node:timers/promises";
import { checkpointedWorkflow, deadLetterQueue, type Store } from "agent-otel";

/** Workflows that complete, fail, are resumed, cancelled and refused, one that goes on; and the dead letters that they leave. */
export async function useWorkflows(store: Store, random: () => number, ends: AbortSignal) {
  const letters = deadLetterQueue({ name: "desk", store, maxLetters: 40 });
  let failing = 0.3;
  const step = (name: string) => () => {
    if (random() < failing) throw new Error("the model is overloaded");
    return { [name]: "done" };
  };
  const research = checkpointedWorkflow("research", { store, deadLetters: letters })
    .step("gather", step("gather"))
    .step("write", step("write"));
  for (let i = 0; i < 25; i++) await research.execute(`run ${i}`).catch(() => undefined);

  // Half of what was given up is done again, and some of that fails again.
  failing = 0.4;
  const waiting = await letters.list();
  for (const { id } of waiting.slice(0, Math.ceil(waiting.length / 2)))
    await letters.replay(id, (payload) => research.execute((payload as { workflowId: string }).workflowId));

  const added = { taskType: "mail", payload: {}, error: new Error("no such address"), attempts: 3 };
  await letters.add({ ...added, firstAttemptAt: Date.now() - 3_600_000, reason: "undeliverable" });
  await letters.add({ ...added, payload: () => undefined }).catch(() => undefined);

  const slow = checkpointedWorkflow("nightly", { store }).step("wait", async () => {
    await wait(3_600_000, undefined, { signal: ends }).catch(() => undefined);
    return {};
  });
  const running = slow.execute("tonight").catch(() => undefined);
  await wait(50);
  await slow.execute("tonight").catch(() => undefined);
  const aborted = new AbortController();
  const given = slow.execute("tomorrow", {}, { signal: aborted.signal }).catch(() => undefined);
  await wait(50);
  aborted.abort();
  await given;
  await slow.cancel("tomorrow");
  await slow.execute("tomorrow").catch(() => undefined);
  return { letters, research, slow, running };
}
