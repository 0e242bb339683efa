import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../source-files.ts";
import { section, strings, type Yaml, yaml } from "./files.ts";

const list = (value: unknown): readonly Yaml[] => (Array.isArray(value) ? value : []);
const compose = yaml("docker-compose.yml");
const grafana = section(compose, "services", "grafana");
const sources = list(yaml("grafana/provisioning/datasources/agent-otel.yaml")["datasources"]);
const source = (uid: string) => sources.find((one) => one["uid"] === uid)!;
const dashboards = readdirSync(join(root, "grafana/dashboards")).filter((file) => file.endsWith(".json"));

/** Grafana's own replacement in values, restated: `$$` is a dollar, `${NAME}` and `$NAME` are the environment. */
const expanded = (value: unknown) =>
  JSON.stringify(value).replaceAll(
    /\$(\$|\{(\w+)\}|([A-Za-z_]\w*))/g,
    (_, what: string, braced?: string, bare?: string) => (what === "$" ? "$" : `<${braced ?? bare}>`),
  );

describe("grafana/provisioning/datasources", () => {
  it("has the three data sources that everything refers to, and nobody can edit them", () => {
    expect(sources.map(({ uid, type }) => [uid, type])).toEqual([
      ["agent-otel-prometheus", "prometheus"],
      ["agent-otel-jaeger", "jaeger"],
      ["agent-otel-alertmanager", "alertmanager"],
    ]);
    for (const { editable, access } of sources) expect([editable, access]).toEqual([false, "proxy"]);
    expect(sources.filter(({ isDefault }) => isDefault)).toEqual([source("agent-otel-prometheus")]);
  });

  it("reaches services of docker-compose.yml on ports that they listen to", () => {
    for (const { url } of sources) {
      const { hostname, port } = new URL(String(url));
      const service = section(compose, "services", hostname);
      expect(
        strings(service["ports"]).some((one) => one.endsWith(`:${port}`)),
        `${url}`,
      ).toBe(true);
    }
  });

  it("refers only to data sources that are there", () => {
    const text = JSON.stringify(sources);
    for (const [, uid] of text.matchAll(/"(?:datasourceUid|alertmanagerUid)":"([^"]+)"/g))
      expect(source(uid!), uid).toBeDefined();
  });

  it("leads from an exemplar to its trace, by the label that the collector gives exemplars", () => {
    const [inGrafana, inJaeger] = list(
      section(source("agent-otel-prometheus"), "jsonData")["exemplarTraceIdDestinations"],
    );
    expect(inGrafana).toMatchObject({ name: "trace_id", datasourceUid: "agent-otel-jaeger" });
    expect(inJaeger).toMatchObject({ name: "trace_id" });
  });

  it("asks Prometheus for rates over four exports, not over four scrapes", () => {
    expect(section(source("agent-otel-prometheus"), "jsonData")["timeInterval"]).toBe("60s");
  });

  it("leaves Grafana what is Grafana's: only variables that compose sets are replaced", () => {
    const text = expanded(sources);
    const known = Object.keys(section(grafana, "environment"));
    for (const [, name] of text.matchAll(/<(\w+)>/g)) expect(known).toContain(name);
    expect(text).toMatch(/<AGENT_OTEL_JAEGER_PAGE>\/trace\/\$\{__value\.raw\}/);
    expect(text).toContain("traces_span_metrics_calls_total{$__tags}[$__rate_interval]");
  });

  it("asks Prometheus of a span only for series and labels that the collector makes", () => {
    const { queries, tags } = section(source("agent-otel-jaeger"), "jsonData", "tracesToMetrics");
    const spanMetrics = section(yaml("collector/config.yaml"), "connectors", "span_metrics");
    const dimensions = list(spanMetrics["dimensions"]).map(({ name }) => String(name));
    for (const { key, value } of list(tags)) {
      expect(dimensions).toContain(key);
      expect(value).toBe(String(key).replaceAll(".", "_"));
    }
    for (const { query } of list(queries))
      expect(query).toMatch(/traces_span_metrics_(calls_total|duration_seconds_bucket)\{/);
  });
});

describe("grafana/provisioning/dashboards", () => {
  const [provider] = list(yaml("grafana/provisioning/dashboards/agent-otel.yaml")["providers"]);

  it("shows the generated dashboards in the folder Agents, and lets nobody save over them", () => {
    expect(provider).toMatchObject({
      folder: "Agents",
      type: "file",
      allowUiUpdates: false,
      disableDeletion: true,
    });
  });

  it("reads them where compose mounts them, and opens with one that is there", () => {
    const path = String(section(provider, "options")["path"]);
    expect(strings(grafana["volumes"])).toContain(`./grafana/dashboards:${path}:ro`);
    const home = String(section(grafana, "environment")["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]);
    expect(dashboards.map((file) => `${path}/${file}`)).toContain(home);
  });

  it.each(dashboards)(
    "%s asks only data sources that are provisioned, or the one chosen on its page",
    (file) => {
      const json = readFileSync(join(root, "grafana/dashboards", file), "utf8");
      // Its own annotations and the alert list have Grafana's built-in one.
      const builtIn = ["-- Grafana --", "-- Mixed --", "-- Dashboard --", "grafana"];
      const uids = [...json.matchAll(/"datasource":\s*\{[^}]*"uid":\s*"([^"]+)"/g)].map(([, uid]) => uid!);
      expect(uids.length).toBeGreaterThan(0);
      for (const uid of uids)
        if (!builtIn.includes(uid) && !/^\$\{\w+\}$/.test(uid)) expect(source(uid), uid).toBeDefined();
    },
  );
});
