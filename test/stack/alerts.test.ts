import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alertRules } from "../../grafana/src/rules/alert-rules.ts";
import { alertsFile, recordingFile } from "../../grafana/src/rules/prometheus-file.ts";
import { recordingRules } from "../../grafana/src/rules/recording-rules.ts";
import { AlertWatch } from "./support/alert-watch.ts";
import { AnsweringServer } from "./support/answering-server.ts";
import { eventually } from "./support/eventually.ts";
import { type Stack, stackUp } from "./support/stack.ts";
import { ToldProgram } from "./support/told-program.ts";

/** What an hour is in the rules of this file: five minutes become five seconds, which is the shortest range. */
const HOUR = "10s";

const directory = mkdtempSync(join(tmpdir(), "agent-otel-alerts-"));
const programs = new Set<ToldProgram>();
const receiver = new AnsweringServer();
const notJaeger = new AnsweringServer();
let stack: Stack;
let watch: AlertWatch;
let given: object;

beforeAll(async () => {
  const rules = join(directory, "rules");
  mkdirSync(rules);
  writeFileSync(join(rules, "recording.yaml"), recordingFile(recordingRules({ hour: HOUR })));
  writeFileSync(join(rules, "alerts.yaml"), alertsFile(alertRules({ hour: HOUR })));
  stack = await stackUp(25_150, ["collector", "jaeger", "prometheus", "alertmanager"], {
    AGENT_OTEL_STACK_RULES: rules,
    AGENT_OTEL_STACK_INTERVAL: "1s",
    AGENT_OTEL_STACK_METRIC_EXPIRATION: "4s",
  });
  watch = new AlertWatch(stack.endpoint("prometheus", "http"));
});

afterAll(async () => {
  watch?.stop();
  for (const program of programs) await program.end();
  await receiver.close();
  await notJaeger.close();
  await stack?.down();
  rmSync(directory, { recursive: true });
});

function start(name: string, service: string, env: Record<string, string> = {}): Promise<ToldProgram> {
  const options = {
    OTEL_EXPORTER_OTLP_ENDPOINT: stack.endpoint("collector", "otlp-http"),
    OTEL_METRIC_EXPORT_INTERVAL: "500",
    OTEL_SERVICE_NAME: service,
    ...env,
  };
  const program = new ToldProgram(name, [directory], options);
  programs.add(program);
  return program.begun().then(() => program);
}

/** What the program makes happen from its first second on. */
const OF_THE_PROGRAM = [
  "AgentBreakerFlapping",
  "AgentBreakerOpen critical",
  "AgentBudgetBurnDay critical",
  "AgentBudgetBurnDay warning",
  "AgentBudgetBurnHour",
  "AgentBudgetBurnMonth",
  "AgentBudgetRefusals",
  "AgentDeadLettersWaiting",
  "AgentErrorRatio critical",
  "AgentErrorRatio warning",
  "AgentHealthLow",
  "AgentLedgerRowsLost",
  "AgentLoopDetected",
  "AgentUnpricedCalls",
];

describe("alerts, with an hour in ten seconds", () => {
  it("fire for what programs, collector and Jaeger do, and end with it", async () => {
    // Spans are not taken from now on: neither by the receiver of one program, nor by Jaeger.
    stack.kill("jaeger");
    const url = await receiver.open(503);
    const spool = { AGENT_OTEL_SPOOL_DIR: join(directory, "spool") };
    const [busy, piling, gone] = await Promise.all([
      start("alerts.ts", "busy"),
      start("alerts-steady.ts", "piling", {
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${url}/v1/traces`,
        ...spool,
      }),
      start("alerts-steady.ts", "gone"),
    ]);
    const began = Date.now();
    for (const alert of OF_THE_PROGRAM) await watch.firing(alert, "busy");
    await watch.firing("AgentTargetDown", "jaeger");
    given = await inAlertmanager("AgentTargetDown");
    await watch.firing("AgentCollectorCannotDeliver", "collector");
    await watch.firing("AgentSpoolGrowing", "piling");

    // Refused for good, and then taken.
    receiver.answer(400);
    await watch.firing("AgentSpansLost", "piling");
    receiver.answer(200);
    await notJaeger.open(400, Number(new URL(stack.endpoint("jaeger", "otlp-http")).port));
    await watch.firing("AgentCollectorLosesSpans", "collector");
    await notJaeger.close();
    await stack.restart("jaeger");

    await gone.end();
    await watch.firing("AgentTelemetryAbsent", "gone");
    const back = await start("alerts-steady.ts", "gone");

    // Against a past of three hours.
    await wait(Math.max(0, 40_000 - (Date.now() - began)));
    busy.tell("spike");
    await watch.firing("AgentCostSpike", "busy");

    busy.tell("enough");
    await watch.quiet();

    // Nobody sends anything any more, until somebody does.
    for (const program of [busy, piling, back]) await program.end();
    await watch.firing("AgentTelemetryStopped", "");
    await watch.firing("AgentTelemetryAbsent", "busy");
    await start("alerts-steady.ts", "back");
    // What has ended for good is forgotten after three hours.
    await watch.quiet();
  }, 240_000);

  it("had texts with the numbers filled in", () => {
    expect(watch.texts.size).toBeGreaterThan(20);
    for (const text of watch.texts) expect(text).not.toMatch(/<no value>|<error|NaN|\{\{|%!/);
  });

  it("were given to Alertmanager, with the runbook and the dashboard", () => {
    expect(given).toMatchObject({
      labels: { job: "jaeger", severity: "critical" },
      annotations: {
        runbook_url: "docs/runbook.md#agenttargetdown",
        dashboard_url: "http://127.0.0.1:3000/d/agent-otel-telemetry",
      },
    });
  });
});

/** An alert as Alertmanager has it. */
const inAlertmanager = (name: string): Promise<object> =>
  eventually(`${name} in Alertmanager`, async () => {
    const answer = await fetch(`${stack.endpoint("alertmanager", "http")}/api/v2/alerts?active=true`);
    const alerts = (await answer.json()) as { readonly labels: Readonly<Record<string, string>> }[];
    return alerts.find(({ labels }) => labels["alertname"] === name);
  });
