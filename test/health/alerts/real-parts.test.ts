import { expect, it, onTestFinished } from "vitest";
import {
  agent,
  alerts,
  circuitBreaker,
  consecutiveFailures,
  consoleChannel,
  costGuard,
  deadLetterQueue,
  sqliteStore,
  workflow,
} from "../../../src/index.ts";
import { signalLog } from "../../../src/telemetry/signals.ts";
import { temporaryFolder } from "../../work/letters/letter-fixture.ts";

it("tells of agents, breakers, budgets and dead letters of this process without a line more", async () => {
  const lines: string[] = [];
  const watching = alerts({ channels: [consoleChannel({ write: (line) => lines.push(line.slice(37)) })] });
  const store = sqliteStore(`${temporaryFolder()}/a.db`);
  onTestFinished(() => store.close());

  const fails = agent("researcher", async () => Promise.reject(new RangeError("the secret question")));
  const report = workflow("report", () => fails());
  await expect(report()).rejects.toThrow();
  const breaker = circuitBreaker({ name: "search", trip: consecutiveFailures(1) });
  await expect(breaker.execute(() => Promise.reject(new Error("down")))).rejects.toThrow();
  const guard = costGuard({ name: "team", perRequestUsd: 1, hourlyUsd: 1, dailyUsd: 10 });
  await (await guard.reserve(0.9)).settle(0.9);
  const task = {
    taskType: "search",
    payload: "the secret question",
    error: new Error("secret"),
    attempts: 1,
  };
  await deadLetterQueue({ store }).add(task);

  await watching.close();
  expect(lines).toEqual([
    "ALERT error error: report failed: RangeError",
    expect.stringMatching(/^ALERT error breaker_open: circuit breaker search is open: /),
    "ALERT warning budget_nearly_used: budget team is used to 90 % for this hour",
    "ALERT error dead_letter: a task of type search was given up into dead-letters: max_attempts",
  ]);
  expect(lines.join()).not.toContain("secret");
  expect(signalLog.hasListeners).toBe(false);
});
