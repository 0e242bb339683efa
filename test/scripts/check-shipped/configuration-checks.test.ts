import { describe, expect, it } from "vitest";
import type { Check } from "../../../scripts/check-shipped/check.ts";
import { alerts, anchorsOf } from "../../../scripts/check-shipped/checks/alerts.ts";
import { collectorReferences, namesIn } from "../../../scripts/check-shipped/checks/collector-references.ts";
import { compose } from "../../../scripts/check-shipped/checks/compose.ts";
import { kubernetes } from "../../../scripts/check-shipped/checks/kubernetes.ts";
import { oneAlertSet } from "../../../scripts/check-shipped/checks/one-alert-set.ts";
import { provisioning } from "../../../scripts/check-shipped/checks/provisioning.ts";
import { rulesReturn } from "../../../scripts/check-shipped/checks/rules-return.ts";
import { board, fakeTools, sample, treeOf } from "./examples.ts";

const said = async (check: Check, files: Readonly<Record<string, string>>, tools = fakeTools()) =>
  (await check.run(treeOf(board(), files), tools)).map(({ what }) => what).join("\n");

describe("alerts", () => {
  const rules = (change: (text: string) => string = (text) => text) => ({
    "docs/runbook.md": "# Runbook\n\n## AgentCostly\n",
    "collector/rules/a.yaml": change(
      `
groups:
  - rules:
      - alert: AgentCostly
        expr: sum by (gen_ai_agent_name) (rate(agents_cost_total[5m])) > 1
        labels: { severity: warning }
        annotations:
          summary: "{{ $labels.gen_ai_agent_name }} is costly."
          description: It costs more than one dollar a second.
          runbook_url: docs/runbook.md#agentcostly
          dashboard_url: http://127.0.0.1:3000/d/one?var-app={{ $labels.job }}
`.replace("{{ $labels.job }}", "x"),
    ),
  });

  it("finds nothing in one that is complete", async () => {
    expect(await said(alerts, rules())).toBe("");
  });

  it.each([
    ["a severity", "warning", "fatal", 'has the severity "fatal"'],
    ["a description", "It costs more than one dollar a second.", "", "has no description"],
    ["a section of the runbook", "#agentcostly", "#agentcheap", "does not name its section"],
    ["a dashboard", "/d/one", "/d/two", 'leads to the dashboard "two"'],
    ["a variable of the dashboard", "var-app", "var-agent", "the variable agent, which it lacks"],
    [
      "a label that it writes",
      "$labels.gen_ai_agent_name",
      "$labels.agents_queue_name",
      "which its expression has not",
    ],
  ])("misses %s", async (_, found, put, what) => {
    expect(
      await said(
        alerts,
        rules((text) => text.replace(found, put)),
      ),
    ).toContain(what);
  });

  it("misses the section itself, and sees one of an alert that is gone", async () => {
    const files = { ...rules(), "docs/runbook.md": "## AgentGone" };
    const found = await said(alerts, files);
    expect(found).toContain("has no section agentcostly");
    expect(found).toContain("the section agentgone belongs to no alert");
  });

  it("makes anchors as GitHub does", () => {
    expect([...anchorsOf("# A `b` (c)\ntext\n### D-e f")]).toEqual(["a-b-c", "d-e-f"]);
  });
});

describe("rules-return", () => {
  const rules = (alert: string, expr: string) => ({
    "collector/rules/a.yaml": `groups: [{ rules: [{ alert: ${alert}, expr: '${expr}' }] }]`,
  });
  const knows = (metric: string) =>
    fakeTools({ answer: (expr) => (expr.includes(metric) ? [sample({}, "0")] : []) });

  it("is content with an alert that does not fire, if what it compares is there", async () => {
    expect(await said(rulesReturn, rules("AgentA", "up > 5"), knows("up"))).toBe("");
  });

  it("sees a side of an alert that is never there", async () => {
    const found = await said(rulesReturn, rules("AgentA", "up > 5 and down > 1"), knows("up"));
    expect(found).toContain("gets nothing from down");
  });
});

describe("collector-references", () => {
  const files = (change: (text: string) => string = (text) => text) => ({
    "collector/builder.yaml":
      "receivers: [{ gomod: x/otlpreceiver v1 }]\nprocessors: [{ gomod: x/memorylimiterprocessor v1 }, { gomod: x/batchprocessor v1 }]\nexporters: [{ gomod: x/otlphttpexporter v1 }]\nextensions: [{ gomod: x/filestorage v1 }]",
    "collector/config.yaml": change(`
extensions: { file_storage: {} }
receivers: { otlp: { endpoint: "127.0.0.1:1" } }
processors: { memory_limiter: {}, batch: {} }
exporters:
  otlp_http:
    sending_queue: { storage: file_storage, block_on_overflow: true }
    retry_on_failure: { max_elapsed_time: 0s }
service:
  extensions: [file_storage]
  pipelines:
    traces: { receivers: [otlp], processors: [memory_limiter], exporters: [otlp_http] }
    metrics: { receivers: [otlp], processors: [memory_limiter, batch], exporters: [otlp_http] }
`),
  });

  it("finds nothing in a configuration that keeps the rules", async () => {
    expect(await said(collectorReferences, files())).toBe("");
  });

  it.each([
    [
      "what is not declared",
      "receivers: [otlp], processors: [memory_limiter], ",
      "receivers: [zipkin], processors: [memory_limiter], ",
      "zipkin, which is not declared",
    ],
    [
      "what is not built",
      "receivers: { otlp",
      "receivers: { kafka: {}, otlp",
      "receivers: kafka is not in builder.yaml",
    ],
    ["a queue that gives up", "max_elapsed_time: 0s", "max_elapsed_time: 300s", "gives up after a while"],
    ["a queue that drops", "block_on_overflow: true", "block_on_overflow: false", "cannot take"],
    ["a queue that is not started", "extensions: [file_storage]", "extensions: []", "which is not started"],
    [
      "a batch before the queue",
      "processors: [memory_limiter], exporters",
      "processors: [memory_limiter, batch], exporters",
      "has batch before the queue on disk",
    ],
    [
      "memory that is checked late",
      "[memory_limiter, batch]",
      "[batch, memory_limiter]",
      "does not check its memory first",
    ],
  ])("sees %s", async (_, found, put, what) => {
    expect(
      await said(
        collectorReferences,
        files((text) => text.replace(found, put)),
      ),
    ).toContain(what);
  });

  it("sees an open address", async () => {
    const open = files((text) => `${text}\nother:\n  endpoint: 0.0.0.0:4317\n`);
    expect(await said(collectorReferences, open)).toContain("it listens on every interface");
  });

  it("reads a list that the environment may replace", () => {
    expect(namesIn({ exporters: `\${env:EXPORTERS:-[a, b/c]}` }, "exporters")).toEqual(["a", "b/c"]);
  });
});

describe("compose", () => {
  const file = (change: (text: string) => string = (text) => text) => ({
    "collector/config.yaml": "",
    "docker-compose.yml": change(`
services:
  prometheus:
    image: prom/prometheus:v3.15.0
    ports: ["127.0.0.1:9090:9090"]
    volumes: ["./collector:/etc/x:ro", "data:/data"]
  grafana:
    image: grafana/grafana:13.2.2
    depends_on: { prometheus: {} }
    environment:
      GF_AUTH_ANONYMOUS_ENABLED: "false"
      GF_SECURITY_ADMIN_PASSWORD: \${GRAFANA_ADMIN_PASSWORD:?set it}
      GF_SECURITY_SECRET_KEY: \${GRAFANA_SECRET_KEY:-}
volumes: { data: }
`),
  });

  it("finds nothing where everything is closed and pinned", async () => {
    expect(await said(compose, file())).toBe("");
  });

  it.each([
    ["an open port", "127.0.0.1:9090:9090", "9090:9090", "on every interface"],
    ["an image that changes", ":v3.15.0", ":latest", "which changes"],
    ["anonymous access", '"false"', '"true"', "Grafana lets anybody in"],
    ["a default password", ":?set it", ":-admin", "that everybody can read"],
    ["a password that may be missing", ":?set it", ":-", "the password admin where none is given"],
    ["a folder that can be written to", ":/etc/x:ro", ":/etc/x", "may write to ./collector"],
    ["a folder that is not shipped", "./collector", "./collectors", "which is not shipped"],
    ["an undeclared volume", "data:/data", "date:/data", "the volume date, which is not declared"],
    ["a service that is not there", "{ prometheus: {} }", "{ jaeger: {} }", "waits for jaeger"],
    ["all rights", "image: prom", "privileged: true\n    image: prom", "has the rights of the machine"],
  ])("sees %s", async (_, found, put, what) => {
    expect(
      await said(
        compose,
        file((text) => text.replace(found, put)),
      ),
    ).toContain(what);
  });
});

describe("one-alert-set", () => {
  const grafana = (execute: boolean, more = "") =>
    `services:\n  grafana:\n    environment: { GF_UNIFIED_ALERTING_EXECUTE_ALERTS: "${execute}" }\n${more}`;
  const override =
    '    volumes: ["./grafana/provisioning/alerting:/x"]\n  prometheus:\n    volumes: ["./grafana/no-prometheus-alerts.yaml:/etc/agent-otel/rules/agent-otel.alerts.yaml:ro"]\n';

  it("finds nothing where one file leaves them to Prometheus and the other to Grafana", async () => {
    const files = {
      "docker-compose.yml": grafana(false),
      "docker-compose.grafana-alerts.yml": grafana(true, override),
    };
    expect(await said(oneAlertSet, files)).toBe("");
  });

  it("sees both on, and both off", async () => {
    expect(await said(oneAlertSet, { "docker-compose.yml": grafana(true) })).toContain("Prometheus does too");
    const off = {
      "docker-compose.yml": grafana(false),
      "docker-compose.grafana-alerts.yml": grafana(false, override),
    };
    expect(await said(oneAlertSet, off)).toContain("Grafana does not evaluate them either");
  });
});

describe("provisioning", () => {
  const files = (change: (text: string) => string = (text) => text) =>
    Object.fromEntries(
      Object.entries({
        "docker-compose.yml": `services:
  prometheus: { ports: ["127.0.0.1:9090:9090"] }
  grafana: { volumes: ["./grafana/dashboards:/boards:ro", "./grafana/provisioning:/etc/grafana/provisioning:ro"] }`,
        "grafana/provisioning/datasources/agent-otel.yaml": `datasources:
  - { name: Prometheus, uid: agent-otel-prometheus, type: prometheus, url: "http://prometheus:9090", editable: false, jsonData: { url: "$\${__value.raw}" } }`,
        "grafana/provisioning/dashboards/agent-otel.yaml":
          "providers: [{ allowUiUpdates: false, options: { path: /boards } }]",
        "grafana/provisioning/alerting/agent-otel.yaml": `groups:
  - rules:
      - title: A
        noDataState: OK
        labels: { agent: "{{ $$labels.a }}" }
        annotations: { summary: "{{ $labels.a }}" }
        data: [{ datasourceUid: agent-otel-prometheus, model: { expr: up > 1 } }]`,
        "collector/rules/a.yaml": "groups: [{ rules: [{ alert: A, expr: up > 1 }] }]",
      }).map(([path, text]) => [path, change(text)]),
    );

  it("finds nothing where all agree", async () => {
    expect(await said(provisioning, files())).toBe("");
  });

  it.each([
    [
      "another uid",
      "uid: agent-otel-prometheus, type",
      "uid: other, type",
      "opens with the data source agent-otel-prometheus",
    ],
    ["another port", "http://prometheus:9090", "http://prometheus:9091", "where compose runs nothing"],
    ["a dollar that is replaced", `$\${__value`, `\${__value`, "Grafana replaces $__value"],
    ["a folder that is not mounted", "path: /boards", "path: /other", "where compose mounts no dashboards"],
    ["dashboards that are saved over", "allowUiUpdates: false", "allowUiUpdates: true", "can be saved over"],
    ["a label with a single $", "$$labels", "$labels", "a label with a single $"],
    ["an alert on no data", "noDataState: OK", "noDataState: NoData", "fires when all is well"],
    [
      "an alert of another source",
      "datasourceUid: agent-otel-prometheus, model",
      "datasourceUid: other, model",
      "asks other, which is not provisioned",
    ],
    ["an alert that differs", "model: { expr: up > 1 }", "model: { expr: up > 2 }", "is not among them"],
  ])("sees %s", async (_, found, put, what) => {
    expect(
      await said(
        provisioning,
        files((text) => text.replace(found, () => put)),
      ),
    ).toContain(what);
  });
});

describe("kubernetes", () => {
  const manifest = (change: (text: string) => string = (text) => text) => ({
    "deploy/kubernetes/app.yaml": change(`
kind: Deployment
metadata: { name: app, namespace: n }
spec:
  selector: { matchLabels: { app: app } }
  template:
    metadata: { labels: { app: app } }
    spec:
      containers:
        - name: app
          image: app:1.0.0
          ports: [{ name: http, containerPort: 80 }]
          livenessProbe: { httpGet: { port: http } }
          resources: { requests: { cpu: 1, memory: 1Gi }, limits: { memory: 1Gi } }
          env: [{ name: SOME_TOKEN_FILE, value: /x }]
---
kind: Service
metadata: { name: app, namespace: n }
spec: { selector: { app: app }, ports: [{ port: 1, targetPort: http }] }
---
kind: HorizontalPodAutoscaler
metadata: { name: app, namespace: n }
spec: { scaleTargetRef: { kind: Deployment, name: app }, metrics: [{ type: Resource, resource: { name: cpu } }] }
---
kind: PodDisruptionBudget
metadata: { name: app, namespace: n }
spec: { selector: { matchLabels: { app: app } } }
`),
  });

  it("finds nothing where every reference finds what it means", async () => {
    expect(await said(kubernetes, manifest())).toBe("");
  });

  it.each([
    [
      "a Service without pods",
      "spec: { selector: { app: app }, ports",
      "spec: { selector: { app: other }, ports",
      "selects the pods of 0 workloads",
    ],
    ["a closed port", "targetPort: http", "targetPort: web", "leads to the port web"],
    [
      "a target that is not there",
      "kind: Deployment, name: app }",
      "kind: Deployment, name: other }",
      "scales Deployment other",
    ],
    ["a resource that nobody asks for", "requests: { cpu: 1,", "requests: {", "scales by cpu"],
    [
      "a budget for no pod",
      "spec: { selector: { matchLabels: { app: app } } }",
      "spec: { selector: { matchLabels: { app: other } } }",
      "selects no pod",
    ],
    [
      "a Deployment without its pods",
      "selector: { matchLabels: { app: app } }\n  template",
      "selector: { matchLabels: { app: other } }\n  template",
      "does not select its own pods",
    ],
    ["an image that changes", "app:1.0.0", "app", "which changes"],
    ["no limit of memory", "limits: { memory: 1Gi }", "limits: {}", "has no limits of memory"],
    ["a probe of a closed port", "httpGet: { port: http }", "httpGet: { port: 81 }", "is probed on 81"],
    ["a secret in plain text", "SOME_TOKEN_FILE", "SOME_TOKEN", "SOME_TOKEN in plain text"],
    ["a secret", "kind: Service\n", "kind: Secret\n", "is a secret"],
  ])("sees %s", async (_, found, put, what) => {
    expect(
      await said(
        kubernetes,
        manifest((text) => text.replace(found, put)),
      ),
    ).toContain(what);
  });
});
