import { describe, expect, it } from "vitest";
import { AgentError, agent } from "../../src/index.ts";
import { watch } from "./support.ts";

const seen = watch();

class Overloaded extends AgentError {
  readonly code = "overloaded";
}
class APIError extends Error {}

const THROWN: [string, unknown, string][] = [
  ["an error of ours: its code", new Overloaded("busy"), "overloaded"],
  ["a built-in class: its name", new TypeError("x"), "TypeError"],
  ["a DOMException: its name", new DOMException("x", "TimeoutError"), "TimeoutError"],
  ["a class that leaves its name at Error: the class", new APIError("x"), "APIError"],
  ["a system error: its code", Object.assign(new Error("x"), { code: "ECONNRESET" }), "ECONNRESET"],
  ["an error with a name of its own", Object.assign(new Error("x"), { name: "QuotaError" }), "QuotaError"],
  ["a plain error", new Error("x"), "Error"],
  [
    "a name that is a sentence: never that",
    Object.assign(new Error("x"), { name: "user 42 failed" }),
    "Error",
  ],
  ["a text", "text", "_OTHER"],
  ["nothing", undefined, "_OTHER"],
];

describe("error.type of what is thrown", () => {
  it.each(THROWN)("%s", (_, thrown, type) => {
    try {
      agent("thrower", () => {
        throw thrown;
      })();
    } catch {}
    seen.spans.get("invoke_agent thrower", { failed: true, attributes: { "error.type": type } });
    expect(seen.records.map((record) => record.errorType)).toEqual([type]);
  });
});
