import { expect, it } from "vitest";
import { run } from "../register/run.ts";

it("exports the health of all agents under register, and the program ends as soon as it would", async () => {
  const began = performance.now();
  const { code, stdout } = await run("../../health/fixtures/agents.ts", {
    env: { OTEL_METRICS_EXPORTER: "console" },
  });
  expect(code).toBe(0);
  expect(scoresIn(stdout)).toEqual({ writer: 100, editor: 52 });
  expect(performance.now() - began).toBeLessThan(10_000);
});

/** Of what the SDK's console exporter prints. */
function scoresIn(stdout: string): Readonly<Record<string, number>> {
  const [, gauge = ""] = stdout.split("name: 'agents.health.score'");
  const [points = ""] = gauge.split("descriptor:");
  const found = points.matchAll(/'gen_ai.agent.name': '(\w+)'[\s\S]*?value: ([\d.]+)/g);
  return Object.fromEntries([...found].map(([, name, value]) => [name!, Number(value)]));
}
