import { type DiagLogger, diag } from "@opentelemetry/api";
import { afterEach, beforeEach, expect, it } from "vitest";
import { reportFailure } from "../../src/internal/warn-once.ts";

const said: unknown[][] = [];
beforeEach(() => {
  const note = (...args: unknown[]) => void said.push(args);
  const logger: DiagLogger = { error: note, warn: note, info() {}, debug() {}, verbose() {} };
  diag.setLogger(logger, { suppressOverrideMessage: true });
});
afterEach(() => diag.disable());

it("a failure is told to a diag logger in words, never as the object with its headers and causes", () => {
  const cause = new Error("hunter2");
  const headers = { authorization: "Bearer hunter2" };
  reportFailure("a test", Object.assign(new Error("no: password=hunter2", { cause }), { headers }));
  expect(said).toEqual([
    ["agent-otel: a test failed; the program is not affected", "no: password=[redacted]"],
  ]);
});
