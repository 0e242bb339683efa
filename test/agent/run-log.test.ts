import { afterEach, describe, expect, it } from "vitest";
import { agent, formatTotals, formatUsd, logRuns, type RunFields, workflow } from "../../src/index.ts";
import { askModel, watch } from "./support.ts";

const seen = watch();
let lines: [string, RunFields][] = [];
const logger = { info: (message: string, fields: RunFields) => void lines.push([message, fields]) };
afterEach(() => {
  logRuns(undefined);
  lines = [];
});

const program = (): unknown => workflow("report", () => agent("writer", askModel)())();
const messages = (): string[] =>
  lines.map(([message]) => message.replace(/[\d.]+ s/, "N s").replace(/trace [0-9a-f]{32}/, "trace T"));

describe("logRuns", () => {
  it("is silent until it has a logger", () => {
    program();
    expect(lines).toEqual([]);
  });

  it("says when each agent and workflow starts and ends, with its totals", () => {
    logRuns(logger);
    program();
    const end = "1 call — 10 tokens — $0.0010 — N s — ok — trace T";
    expect(messages()).toEqual([
      "report started",
      "writer started",
      `writer finished — ${end}`,
      `report finished — ${end}`,
    ]);
  });

  it("for roots says the end of each request only", () => {
    logRuns(logger, "root");
    program();
    expect(messages()).toHaveLength(1);
    expect(messages()[0]).toMatch(/^report finished/);
  });

  it("gives loggers that keep structure the numbers and the span's ids", () => {
    logRuns(logger);
    agent("counted", askModel)();
    const span = seen.spans.get("invoke_agent counted");
    expect(lines.at(-1)?.[1]).toEqual({
      agent: "counted",
      traceId: span.traceId,
      spanId: span.spanId,
      outcome: "ok",
      durationMs: expect.any(Number),
      totals: { calls: 1, tokens: 10, costNanoUsd: 1_000_000 },
    });
  });

  it("says the class of the error, never its message", async () => {
    logRuns(logger);
    await agent("fails", () => Promise.reject(new TypeError("secret words")))().catch(() => {});
    expect(messages().at(-1)).toContain("— TypeError —");
    expect(JSON.stringify(lines)).not.toContain("secret words");
  });

  it("says the end of a stream when it ends, once", async () => {
    logRuns(logger);
    const items = agent("streams", async function* () {
      yield 1;
    })();
    await items.next();
    expect(messages()).toEqual(["streams started"]);
    await items.next();
    await items.next();
    expect(messages()).toHaveLength(2);
  });
});

describe("formatUsd", () => {
  it.each([
    [0, "$0.0000"],
    [1, "$0.000000001"],
    [270_000, "$0.00027"],
    [99_999, "$0.0001"],
    [100_000, "$0.0001"],
    [3_200_000, "$0.0032"],
    [1_500_000_000, "$1.5000"],
  ])("says %d nano-dollars as %s", (nanoUsd, text) => {
    expect(formatUsd(nanoUsd)).toBe(text);
  });
});

describe("formatTotals", () => {
  it("speaks as people do", () => {
    expect(formatTotals({ calls: 7, tokens: 12_341, costNanoUsd: 3_200_000 })).toBe(
      "7 calls — 12,341 tokens — $0.0032",
    );
    expect(formatTotals({ calls: 1, tokens: 1, costNanoUsd: 0 })).toBe("1 call — 1 token — $0.0000");
  });
});
