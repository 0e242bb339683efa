import { parser } from "@prometheus-io/lezer-promql";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { alertRules } from "../../../grafana/src/rules/alert-rules.ts";
import { countedWithin } from "../../../grafana/src/rules/counted-within.ts";
import { rulesFiles } from "../../../grafana/src/rules/files.ts";
import { grafanaUid } from "../../../grafana/src/rules/grafana-file.ts";
import { alertsFile } from "../../../grafana/src/rules/prometheus-file.ts";
import { recordingRules } from "../../../grafana/src/rules/recording-rules.ts";
import type { AlertRule } from "../../../grafana/src/rules/rule.ts";
import type { RuleOptions } from "../../../grafana/src/rules/rule-options.ts";
import { timeScale } from "../../../grafana/src/rules/time-scale.ts";

const all = (options?: RuleOptions): readonly AlertRule[] =>
  alertRules(options).flatMap(({ rules }) => rules);
const alert = (name: string, options?: RuleOptions) => all(options).find((rule) => rule.alert === name)!;

function divisorsIn(expr: string): readonly string[] {
  const found: string[] = [];
  parser.parse(expr).iterate({
    enter({ node }) {
      const divisor = node.getChild("Div") === null ? null : node.lastChild;
      if (divisor !== null) found.push(expr.slice(divisor.from, divisor.to));
    },
  });
  return found;
}

describe("options of the rules", () => {
  it.each([
    [{ objective: 1 }, "rules: objective must be above 0 and below 1, got 1"],
    [{ objective: 0 }, "rules: objective must be above 0 and below 1, got 0"],
    [{ slowAfterSeconds: 0 }, "rules: slowAfterSeconds must be above 0, got 0"],
    [{ spikeUsdPerHour: -1 }, "rules: spikeUsdPerHour must be 0 or more, got -1"],
    [{ spikeUsdPerHour: Number.NaN }, "rules: spikeUsdPerHour must be 0 or more, got NaN"],
  ])("refuse %j", (options, message) => {
    expect(() => alertRules(options)).toThrow(message);
  });

  it("set the bound of the error ratio by the objective", () => {
    expect(alert("AgentErrorRatio", { objective: 0.95 }).expr).toContain("agents:error_ratio:rate1h > 0.72");
    expect(alert("AgentErrorRatio", { objective: 0.999 }).expr).toContain(
      "agents:error_ratio:rate5m > 0.0144",
    );
  });

  it("set when a run is slow and what a spike is", () => {
    expect(JSON.stringify(recordingRules({ slowAfterSeconds: 5 }))).toContain("histogram_fraction(5, +Inf");
    expect(alert("AgentCostSpike", { spikeUsdPerHour: 20 }).expr).toContain("* 3600 > 20");
  });

  it("lead links to addresses of one's own", () => {
    const links = { runbook: "https://wiki.example/runbook/", grafana: "https://grafana.example/" };
    const { groups } = parse(alertsFile(alertRules(links), links)) as {
      groups: { rules: { alert: string; annotations: Record<string, string> }[] }[];
    };
    const health = groups.flatMap(({ rules }) => rules).find((rule) => rule.alert === "AgentHealthLow");
    expect(health?.annotations).toMatchObject({
      runbook_url: "https://wiki.example/runbook#agenthealthlow",
      dashboard_url: expect.stringMatching(/^https:\/\/grafana\.example\/d\/agent-otel-agent\?var-app=/),
    });
  });

  it("make the same text each time", () => {
    expect(rulesFiles()).toEqual(rulesFiles());
  });
});

describe("alert rules", () => {
  it.each(["1h", "1m", "10s"])("are complete where an hour is %s", (hour) => {
    expect(all({ hour }).map((rule) => rule.alert)).toEqual(all().map((rule) => rule.alert));
    for (const rule of all({ hour })) expect(rule.expr).not.toMatch(/undefined|NaN|\[0/);
  });

  it("divide only by what a comparison has cleared of zeros", () => {
    const divisors = all().flatMap(({ expr }) => divisorsIn(expr));
    expect(divisors.length).toBeGreaterThan(5);
    for (const divisor of divisors) expect(divisor).toMatch(/^\(.* > 0\)$/s);
  });

  it("never take the rate of a gauge that falls", () => {
    for (const { expr } of all())
      expect(expr).not.toMatch(/(rate|increase)\(agents_budget_(used|limit|elapsed)/);
  });

  it("have uids that depend on name and severity alone", () => {
    expect(grafanaUid({ ...alert("AgentHealthLow"), expr: "1", summary: "" })).toBe("ao-healthlow-warning");
  });
});

describe("countedWithin", () => {
  it("compares with the last value before the range, and takes all of what was not there", () => {
    expect(countedWithin("x_total", "15m", timeScale())).toBe(
      "((x_total - last_over_time(x_total[1h] offset 15m) >= 0) or x_total)",
    );
  });
});
