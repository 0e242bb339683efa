import { describe, expect, it } from "vitest";
import { type AgentFactsOptions, agentFacts } from "../../src/health/agent-facts.ts";
import type { AgentSignals } from "../../src/health/agent-signals.ts";
import type { CallRecord } from "../../src/telemetry/call-record.ts";
import { record } from "./records.ts";
import { rowsOf } from "./rows.ts";

const run = (given: Partial<CallRecord>) => record({ operation: "invoke_agent", agent: "writer", ...given });
const times = (count: number, of: CallRecord) => Array<CallRecord>(count).fill(of);

function factsOf(records: readonly CallRecord[], options: Partial<AgentFactsOptions> = {}) {
  return agentFacts(rowsOf(records), { objectiveMs: () => 1_000, ...options });
}

const refusals = (rejections: number): ReadonlyMap<string, AgentSignals> =>
  new Map([["writer", { rejections, fallbacks: 2, quarantinedReads: 3, breakerState: "open" }]]);

describe("the facts of an agent", () => {
  it("are about its runs: an error of a model that it caught is none of its own", () => {
    const [facts] = factsOf([...times(3, run({})), record({ agent: "writer", errorType: "RateLimitError" })]);
    expect(facts).toMatchObject({ agent: "writer", calls: 3, failures: 0, errors: {} });
  });

  it("are about its model and tool calls where it has no runs", () => {
    const [facts] = factsOf([
      record({ agent: "writer", errorType: "RateLimitError" }),
      record({ operation: "execute_tool", agent: "writer", tool: "search", errorType: "ECONNREFUSED" }),
      record({ operation: "plan", agent: "writer", errorType: "Error" }),
      record({ agent: "writer" }),
    ]);
    expect(facts).toMatchObject({ calls: 3, failures: 2, errors: { rate_limit: 1, tool: 1 } });
  });

  it("leave out what the caller cancelled, but for its class", () => {
    const [facts] = factsOf([run({}), run({ errorType: "AbortError", durationMs: 90_000 })]);
    expect(facts).toMatchObject({ calls: 1, failures: 0, slow: 0, errors: { cancelled: 1 } });
  });

  it("count a run that took longer than the objective of its agent as slow", () => {
    const [facts] = factsOf([run({ durationMs: 900 }), run({ durationMs: 1_100 })]);
    expect(facts).toMatchObject({ slow: 1, objectiveMs: 1_000 });
    expect(facts?.p95Ms).toBeCloseTo(1_100, -2);
  });

  it("count runs that ended with a refusal as rejections, once also where a breaker of its name counted them", () => {
    const refused = times(4, run({ errorType: "circuit_open" }));
    expect(factsOf(refused)[0]).toMatchObject({ rejections: 4, failures: 4 });
    expect(factsOf(refused, { signals: refusals(3) })[0]).toMatchObject({ rejections: 4 });
    expect(factsOf(refused, { signals: refusals(9) })[0]).toMatchObject({ rejections: 9 });
  });

  it("have the signals of its name", () => {
    const [facts] = factsOf([run({})], { signals: refusals(0) });
    expect(facts).toMatchObject({ fallbacks: 2, quarantinedReads: 3, breakerState: "open" });
  });

  it("are there for each known agent, and for nobody who only has the name of a breaker", () => {
    const signals = new Map([
      ["openai", { rejections: 1, fallbacks: 0, quarantinedReads: 0, breakerState: "open" }],
    ]);
    const found = factsOf([run({})], { signals, agents: ["writer", "editor", ""] });
    expect(found.map(({ agent, calls }) => [agent, calls])).toEqual([
      ["writer", 1],
      ["editor", 0],
    ]);
  });

  it("are of agents alone: calls outside of any and workflows have none", () => {
    expect(factsOf([record({}), record({ operation: "invoke_workflow", workflow: "article" })])).toEqual([]);
  });
});
