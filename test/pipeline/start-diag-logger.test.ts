import { expect, it } from "vitest";
import { stderrLogger } from "../../src/pipeline/sdk-diag-logger.ts";

function logger() {
  const lines: string[] = [];
  return { lines, log: stderrLogger((line) => void lines.push(line)) };
}

it("prints warnings and errors once per message, whatever the numbers in it", () => {
  const { lines, log } = logger();
  log.warn("Dropped 17 spans because maxQueueSize reached");
  log.warn("Dropped 18 spans because maxQueueSize reached");
  log.error("another");
  log.error("another");
  expect(lines).toEqual(["agent-otel: Dropped 17 spans because maxQueueSize reached", "agent-otel: another"]);
});

it("prints what was asked for with OTEL_LOG_LEVEL=debug each time", () => {
  const { lines, log } = logger();
  log.debug("again");
  log.debug("again");
  expect(lines).toEqual(["agent-otel: again", "agent-otel: again"]);
});

it("does not repeat the prefix that our own warnings have", () => {
  const { lines, log } = logger();
  log.warn("agent-otel: ours", new Error("why"));
  expect(lines).toEqual(["agent-otel: ours why"]);
});

it.each([
  [{ stack: "Error: long\n at x", message: "connect ECONNREFUSED", name: "Error" }, "connect ECONNREFUSED"],
  [{ stack: "AggregateError", code: "ECONNREFUSED", name: "AggregateError" }, "ECONNREFUSED"],
  [{ name: "Error" }, "Error"],
])("prints the message of an error that the SDK has flattened: %j", (fields, text) => {
  const { lines, log } = logger();
  log.error(JSON.stringify(fields));
  expect(lines).toEqual([`agent-otel: ${text}`]);
});

it("prints no secrets", () => {
  const { lines, log } = logger();
  log.warn("failed for https://c/v1?api_key=hunter2 with Bearer abcdef123456");
  expect(lines.join()).not.toMatch(/hunter2|abcdef/);
});

it("survives a stderr that is closed", () => {
  const log = stderrLogger(() => {
    throw new Error("EPIPE");
  });
  expect(() => log.warn("hello")).not.toThrow();
});

it("keeps at most 1,000 messages in memory, and is silent after that", () => {
  const { lines, log } = logger();
  for (let i = 0; i < 1_200; i++) log.warn(`message ${"x".repeat(i)}`);
  expect(lines).toHaveLength(1_000);
});
