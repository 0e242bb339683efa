import type { Mutant } from "./mutant.ts";
import { everywhere, inFile } from "./plant.ts";

const ALERTS = "collector/rules/agent-otel.alerts.yaml";
const RECORDING = "collector/rules/agent-otel.recording.yaml";
const GRAFANA = "grafana/provisioning/alerting/agent-otel.yaml";
const SOURCES = "grafana/provisioning/datasources/agent-otel.yaml";

/** Of rules, of what Prometheus and Alertmanager read, and of Grafana's provisioning. */
export const RULE_MUTANTS: readonly Mutant[] = [
  {
    fault: "alert without a section of the runbook",
    check: "alerts",
    plant: everywhere(/^docs\/runbook\.md$/, /^## .*AgentHealthLow.*$/gim, "## Health"),
  },
  { fault: "alert without description", check: "alerts", plant: inFile(ALERTS, /^ +description: .*\n/m, "") },
  {
    fault: "alert of unknown severity",
    check: "alerts",
    plant: inFile(ALERTS, "severity: critical", "severity: fatal"),
  },
  {
    fault: "alert that leads to no dashboard",
    check: "alerts",
    plant: inFile(ALERTS, "/d/agent-otel-agent", "/d/agent-otel-health"),
  },
  {
    fault: "alert that writes a label it lacks",
    check: "alerts",
    plant: inFile(ALERTS, "$labels.agents_breaker_name", "$labels.breaker"),
  },
  {
    fault: "recorded series that nobody asks for",
    check: "alerts",
    plant: inFile(RECORDING, "- record: agents:health_score", "- record: agents:health_scores"),
  },
  {
    fault: "recording rule renamed but used",
    check: "names",
    plant: inFile(RECORDING, "record: agents:calls:rate5m", "record: agents:call:rate5m"),
  },
  {
    fault: "rule that never returns",
    check: "rules-return",
    plant: everywhere(/alerts\.yaml$/, /agents_budget_window=~?"day"/g, 'agents_budget_window="dag"'),
  },
  {
    fault: "rule that Prometheus refuses",
    check: "rules-return",
    plant: inFile(
      ALERTS,
      /expr: (agents:\w+.*)/,
      (expr) => `expr: label_replace(${expr}, "a", "$1", "b", "(")`,
    ),
  },
  {
    fault: "rule with a duration that is none",
    check: "prometheus-config",
    plant: inFile(ALERTS, "for: 5m", "for: 5 minutes"),
  },
  {
    fault: "rule twice",
    check: "prometheus-config",
    plant: (shipped) => new Map(shipped).set(RECORDING, twice(shipped.get(RECORDING) ?? "")),
  },
  {
    fault: "unknown key in prometheus.yaml",
    check: "prometheus-config",
    plant: inFile("collector/prometheus.yaml", "scrape_interval:", "scrape_intervall:"),
  },
  {
    fault: "alerts sent to a receiver that is not there",
    check: "alertmanager-config",
    plant: inFile("collector/alertmanager.yaml", "receiver: nowhere", "receiver: pager"),
  },
  {
    fault: "data source uid mismatch",
    check: "provisioning",
    plant: inFile(SOURCES, "uid: agent-otel-prometheus", "uid: prometheus"),
  },
  {
    fault: "data source where nothing runs",
    check: "provisioning",
    plant: inFile(SOURCES, "http://prometheus:9090", "http://prometheus:9091"),
  },
  {
    fault: "single $ that Grafana replaces",
    check: "provisioning",
    plant: inFile(SOURCES, `$\${__value.raw}`, `\${__value.raw}`),
  },
  {
    fault: "secret in a data source",
    check: "provisioning",
    plant: inFile(SOURCES, "    access: proxy\n", "    access: proxy\n    secureJsonData: { password: x }\n"),
  },
  {
    fault: "dashboards read from a folder that is not mounted",
    check: "provisioning",
    plant: inFile(
      "grafana/provisioning/dashboards/agent-otel.yaml",
      /path: .*/,
      "path: /var/lib/grafana/dashboards",
    ),
  },
  {
    fault: "label of a Grafana alert with a single $",
    check: "provisioning",
    plant: inFile(GRAFANA, "{{ $$labels", "{{ $labels"),
  },
  {
    fault: "Grafana alert that fires when all is well",
    check: "provisioning",
    plant: inFile(GRAFANA, "noDataState: OK", "noDataState: NoData"),
  },
  {
    fault: "Grafana alert that asks another data source",
    check: "provisioning",
    plant: inFile(GRAFANA, "datasourceUid: agent-otel-prometheus", "datasourceUid: prometheus"),
  },
  {
    fault: "alert of Prometheus that Grafana lacks",
    check: "provisioning",
    plant: inFile(ALERTS, /expr: (agents:\w+.*)/, (expr) => `expr: 2 * ${expr}`),
  },
];

/** A rule of the same name, labels and expression. */
const twice = (text: string): string =>
  text.replace(/^( +- record: .*\n +expr: .*\n)/m, (rule) => rule + rule);
