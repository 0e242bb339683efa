import { setTimeout as wait } from "node:timers/promises";
import { requestQueue, supervisor } from "agent-otel";

const lasting = (ends: AbortSignal) => (): Promise<unknown> =>
  wait(3_600_000, undefined, { signal: ends }).catch(() => undefined);

/** Queues with tasks that wait at several priorities, run, are refused, and run on when nobody waits any more. */
export async function useQueues(ends: AbortSignal) {
  const quiet = (pending: Promise<unknown>): void => void pending.catch(() => undefined);
  const busy = requestQueue({ name: "answers", concurrency: 2, maxQueue: 6 });
  for (let i = 0; i < 10; i++) await busy.add(() => wait(2));
  await Promise.allSettled(Array.from({ length: 6 }, () => busy.add(() => wait(15))));
  quiet(busy.add(lasting(ends), { priority: 1 }));
  // It does not look at its signal, and runs on.
  quiet(busy.add(lasting(ends), { deadlineMs: 10 }));
  await wait(20);
  for (const priority of [1, 5, 5, 9]) quiet(busy.add(lasting(ends), { priority }));
  quiet(busy.add(lasting(ends), { deadlineMs: 10 }));
  const caller = new AbortController();
  quiet(busy.add(lasting(ends), { signal: caller.signal }));
  for (let i = 0; i < 3; i++) quiet(busy.add(lasting(ends)));
  caller.abort();
  const closed = requestQueue({ name: "letters", concurrency: 4, maxQueue: 1 });
  await closed.close();
  quiet(closed.add(async () => undefined));
  await wait(20);
  return { busy, closed };
}

/** A supervisor with a worker in each state, whose tasks end in every way. */
export async function useSupervisor(ends: AbortSignal) {
  const team = supervisor({
    name: "team",
    maxQueue: 5,
    recoveryTimeoutMs: 600_000,
    backpressureThreshold: 0.7,
  });
  let next = 0;
  const submit = (taskType: string, payload: unknown = undefined, timeoutMs = 600_000): Promise<unknown> => {
    const taskId = `task ${next++}`;
    return team.submit({ taskId, taskType, payload, timeoutMs })
      ? team.result(taskId).catch(() => undefined)
      : Promise.resolve();
  };
  const work = async (how: unknown): Promise<void> => {
    if (how === "lasting") await lasting(ends)();
    if (how === "slow") await wait(40);
    if (how === "failing") throw new Error("cannot do that");
  };
  team.register("sorter", work, { taskTypes: ["sort"], maxConcurrent: 4 });
  team.register("drafter", work, { taskTypes: ["draft"], maxConcurrent: 3 });
  team.register("checker", work, { taskTypes: ["check"], maxConcurrent: 2 });
  team.register("mailer", work, { taskTypes: ["mail"], maxConcurrent: 1 });
  for (let i = 0; i < 5; i++) await submit("sort");
  await submit("sort", "slow", 10);
  for (let i = 0; i < 6; i++) await submit("mail", "failing");
  void submit("draft", "lasting");
  for (let i = 0; i < 2; i++) void submit("check", "lasting");
  await wait(10);
  for (let i = 0; i < 4; i++) void submit("sort", "slow");
  await wait(5);
  for (let i = 0; i < 2; i++) await submit("check", "lasting", 5);
  await wait(60);
  return team;
}
