import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SystemHealth } from "../../src/server/api/agents.ts";
import type { HealthTruth } from "./programs/health.ts";
import { eventually } from "./support/eventually.ts";
import { type RunningProgram, startProgram } from "./support/program.ts";
import { sumBy } from "./support/prometheus.ts";
import { type Stack, stackUp } from "./support/stack.ts";

let stack: Stack;
let prometheus: string;
let program: RunningProgram<HealthTruth> | undefined;
let answer: SystemHealth;

beforeAll(async () => {
  stack = await stackUp(24_000);
  prometheus = stack.endpoint("prometheus", "http");
  program = await startProgram<HealthTruth>("health.ts", [], {
    OTEL_EXPORTER_OTLP_ENDPOINT: stack.endpoint("collector", "otlp-http"),
    OTEL_SERVICE_NAME: "health",
  });
  await eventually("the score of every agent in Prometheus", async () => {
    const found = await sumBy(prometheus, "agents_health_score", ["gen_ai_agent_name"]);
    return Object.keys(found).length === 3 ? true : undefined;
  });
  const response = await fetch(`http://127.0.0.1:${program.truth.port}/api/agents/health`);
  answer = (await response.json()) as SystemHealth;
});

afterAll(async () => {
  await program?.end();
  await stack?.down();
});

describe("health of agents", () => {
  it("is the same in Prometheus as over REST", async () => {
    const scores = Object.fromEntries(answer.agents.map(({ agent, score }) => [agent, score]));
    expect(await sumBy(prometheus, "agents_health_score", ["gen_ai_agent_name"])).toEqual(scores);
  });

  it("has the same components in Prometheus as over REST", async () => {
    const components = answer.agents.flatMap(({ agent, components }) =>
      Object.entries(components ?? {}).map(([name, share]) => [`${agent}|${name}`, share]),
    );
    const labels = ["gen_ai_agent_name", "agents_health_component_name"];
    const found = await sumBy(prometheus, "agents_health_component_ratio", labels);
    // Prometheus' answer leaves out zeros here.
    for (const [key, share] of components) expect(found[String(key)] ?? 0).toBeCloseTo(Number(share), 9);
  });

  it("counts the runs that the program has made", () => {
    const counted = Object.fromEntries(
      answer.agents.map(({ agent, calls, errors }) => [
        agent,
        { runs: calls, failed: Object.values(errors).reduce((sum, count) => sum + count, 0) },
      ]),
    );
    expect(counted).toEqual(program?.truth.runs);
  });

  it("puts the worst first", () => {
    expect(answer.agents.map(({ agent }) => agent)).toEqual(["broken", "flaky", "steady"]);
  });
});
