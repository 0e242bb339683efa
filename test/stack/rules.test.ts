import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { alertRules } from "../../grafana/src/rules/alert-rules.ts";
import { alertsFile, recordingFile } from "../../grafana/src/rules/prometheus-file.ts";
import { recordingRules } from "../../grafana/src/rules/recording-rules.ts";
import { built } from "../../scripts/stack-parts/build.ts";
import { prometheus } from "../../scripts/stack-parts/prometheus.ts";
import type { HealthFacts } from "../../src/health/agent-facts.ts";
import { weightedScore } from "../../src/health/health-score.ts";
import { root } from "../contract/source-files.ts";
import { seeded } from "./support/random.ts";

const TESTS = join(root, "test/rules");
const run = promisify(execFile);
const directory = mkdtempSync(join(tmpdir(), "agent-otel-rules-"));
let program: string;

beforeAll(async () => {
  program = join(await built(prometheus, (line) => console.error(line)), "promtool");
});

afterAll(() => rmSync(directory, { recursive: true }));

/** @throws with what promtool said. */
async function promtool(...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await run(program, args).catch((error: { stdout: string; stderr: string }) => {
    throw new Error(error.stdout + error.stderr);
  });
  return stdout + stderr;
}

function inFile(name: string, text: string): string {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
}

describe("the shipped rules", () => {
  it.each(["recording", "alerts"])("%s pass every lint of promtool", async (kind) => {
    const file = join(root, `collector/rules/agent-otel.${kind}.yaml`);
    expect(await promtool("check", "rules", "--lint=all", "--lint-fatal", file)).toContain("SUCCESS");
  });

  it("pass them too where an hour is ten seconds", async () => {
    const options = { hour: "10s" };
    const files = [
      inFile("fast.recording.yaml", recordingFile(recordingRules(options))),
      inFile("fast.alerts.yaml", alertsFile(alertRules(options), options)),
    ];
    expect(await promtool("check", "rules", "--lint=all", "--lint-fatal", ...files)).toContain("SUCCESS");
  });

  it.each(readdirSync(TESTS))("do what %s says", async (name) => {
    expect(await promtool("test", "rules", join(TESTS, name))).toContain("SUCCESS");
  });
});

/** Runs of the last five minutes. */
interface Runs {
  readonly calls: number;
  readonly failures: number;
  readonly slow: number;
}

describe("the health score of agents that only send spans", () => {
  it("is that of weightedScore", async () => {
    const cases = [...EDGE_CASES, ...randomCases(200)];
    const test = {
      rule_files: [join(root, "collector/rules/agent-otel.recording.yaml")],
      evaluation_interval: "30s",
      tests: [
        {
          interval: "30s",
          input_series: cases.flatMap(seriesOf),
          promql_expr_test: [
            { expr: "agents:health_score", eval_time: "10m", exp_samples: cases.flatMap(expected) },
          ],
        },
      ],
    };
    expect(await promtool("test", "rules", inFile("health.test.yaml", stringify(test)))).toContain("SUCCESS");
  });

  it("is that of the SDK where there is one, of several processes the worst", async () => {
    const runs = seriesOf({ calls: 10, failures: 10, slow: 0 }, 0);
    const told = [70, 64].map((score, i) => ({
      series: `agents_health_score{job="bot",instance="${i}",gen_ai_agent_name="agent 0"}`,
      values: `${score}x20`,
    }));
    const test = {
      rule_files: [join(root, "collector/rules/agent-otel.recording.yaml")],
      evaluation_interval: "30s",
      tests: [
        {
          interval: "30s",
          input_series: [...runs, ...told],
          promql_expr_test: [
            {
              expr: "agents:health_score",
              eval_time: "10m",
              exp_samples: [{ labels: scoreOf(0), value: 64 }],
            },
          ],
        },
      ],
    };
    expect(await promtool("test", "rules", inFile("both.test.yaml", stringify(test)))).toContain("SUCCESS");
  });
});

const EDGE_CASES: readonly Runs[] = [
  { calls: 0, failures: 0, slow: 0 },
  { calls: 1, failures: 0, slow: 0 },
  { calls: 1, failures: 1, slow: 0 },
  { calls: 1, failures: 1, slow: 1 },
  { calls: 10, failures: 10, slow: 0 },
  { calls: 10, failures: 0, slow: 10 },
  { calls: 100_000, failures: 1, slow: 0 },
  { calls: 100_000, failures: 100_000, slow: 100_000 },
];

function randomCases(count: number): readonly Runs[] {
  const random = seeded(10);
  const upTo = (max: number) => Math.floor(random() * (max + 1));
  return Array.from({ length: count }, () => {
    const calls = 1 + upTo(10 ** (1 + upTo(3)));
    return { calls, failures: upTo(calls), slow: upTo(calls) };
  });
}

/** Counters that grow evenly, so that their increase in five minutes is the number to the digit. */
function seriesOf({ calls, failures, slow }: Runs, i: number) {
  const labels = `job="bot",gen_ai_operation_name="invoke_agent",gen_ai_agent_name="agent ${i}"`;
  const grows = (name: string, more: string, count: number) => ({
    series: `${name}{${labels},${more}}`,
    values: `0+${count / 10}x20`,
  });
  const bucket = "traces_span_metrics_duration_seconds_bucket";
  return [
    grows("traces_span_metrics_calls_total", 'status_code="STATUS_CODE_UNSET"', calls - failures),
    grows("traces_span_metrics_calls_total", 'status_code="STATUS_CODE_ERROR"', failures),
    grows(bucket, 'le="10.24"', (calls - slow) / 2),
    grows(bucket, 'le="30"', calls - slow),
    grows(bucket, 'le="40.96"', calls - slow / 2),
    grows(bucket, 'le="+Inf"', calls),
  ];
}

const scoreOf = (i: number) => `agents:health_score{job="bot",gen_ai_agent_name="agent ${i}"}`;

/** Of an agent without runs nothing is known. */
function expected({ calls, failures, slow }: Runs, i: number) {
  if (calls === 0) return [];
  const facts: HealthFacts = {
    agent: "",
    calls,
    failures,
    slow,
    p95Ms: undefined,
    objectiveMs: 30_000,
    errors: {},
    rejections: 0,
    fallbacks: 0,
    quarantinedReads: 0,
    breakerState: undefined,
  };
  return [{ labels: scoreOf(i), value: weightedScore(facts) }];
}
