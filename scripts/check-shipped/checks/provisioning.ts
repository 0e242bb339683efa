import { type Check, Findings } from "../check.ts";
import { at, type Data, list, mappings, section, strings, word, yamlOf } from "../data.ts";
import { dashboardsOf } from "../grafana/dashboard.ts";
import { rulesOf } from "../rules.ts";
import type { Shipped } from "../shipped.ts";

const SOURCES = "grafana/provisioning/datasources/agent-otel.yaml";
const PROVIDERS = "grafana/provisioning/dashboards/agent-otel.yaml";
const ALERTS = "grafana/provisioning/alerting/agent-otel.yaml";
const COMPOSE = "docker-compose.yml";
/** Grafana's own, for expressions. */
const BUILT_IN = new Set(["__expr__", "-- Grafana --", "grafana"]);

/** What Grafana reads at its start, against what refers to it. */
export const provisioning: Check = {
  name: "provisioning",
  holds:
    "Grafana's provisioning files agree with the dashboards, with the alerts and with what compose mounts",
  run(shipped) {
    const compose = yamlOf(shipped, COMPOSE);
    const sources = list(yamlOf(shipped, SOURCES), "datasources");
    return [
      ...dataSources(shipped, sources, compose),
      ...dashboardFolder(shipped, compose),
      ...grafanaAlerts(shipped, new Set(sources.map((one) => word(one, "uid")))),
    ];
  },
};

function dataSources(shipped: Shipped, sources: readonly Data[], compose: Data) {
  const findings = new Findings(SOURCES);
  const uids = new Set(sources.map((one) => word(one, "uid")));
  for (const source of sources) {
    const { hostname, port } = new URL(word(source, "url") || "http://nowhere:0");
    const ports = strings(compose, "services", hostname, "ports");
    findings.expect(
      ports.some((one) => one.endsWith(`:${port}`)),
      `${word(source, "name")} is at ${hostname}:${port}, where compose runs nothing`,
      "name a service and its port",
    );
    findings.expect(
      source["editable"] === false,
      `${word(source, "name")} can be edited`,
      "set editable to false",
    );
    findings.expect(
      at(source, "secureJsonData") === undefined && word(source, "password") === "",
      `${word(source, "name")} holds a secret`,
      "take it out",
    );
  }
  for (const one of mappings(sources)) {
    for (const key of ["datasourceUid", "alertmanagerUid"]) {
      const uid = word(one, key);
      findings.expect(
        uid === "" || uids.has(uid),
        `${key} is ${uid}, which is not provisioned`,
        "name one that is",
      );
    }
  }
  const environment = new Set(Object.keys(section(compose, "services", "grafana", "environment")));
  for (const name of expandedIn(JSON.stringify(sources))) {
    findings.expect(
      environment.has(name),
      `Grafana replaces $${name} by its environment, which has none`,
      "write $$ for a dollar that shall stay",
    );
  }
  for (const dashboard of dashboardsOf(shipped)) {
    for (const variable of dashboard.variables.filter((one) => word(one, "type") === "datasource")) {
      const uid = word(variable, "current", "value");
      const found = sources.find((one) => word(one, "uid") === uid);
      const fits = found !== undefined && word(found, "type") === word(variable, "query");
      findings.expect(
        fits,
        `${dashboard.file} opens with the data source ${uid}, which is not provisioned`,
        "give it that uid and type",
      );
    }
  }
  return findings.all;
}

/** Variables that a provisioning file would have replaced; `$$` is a dollar. */
function expandedIn(text: string): readonly string[] {
  return [...text.replaceAll("$$", "").matchAll(/\$(?:\{(\w+)[^}]*\}|([A-Za-z_]\w*))/g)].map(
    ([, braced, bare]) => braced ?? bare ?? "",
  );
}

function dashboardFolder(shipped: Shipped, compose: Data) {
  const findings = new Findings(PROVIDERS);
  const volumes = strings(compose, "services", "grafana", "volumes");
  for (const provider of list(yamlOf(shipped, PROVIDERS), "providers")) {
    const path = word(provider, "options", "path");
    const mounted = volumes.some((volume) => volume.startsWith(`./grafana/dashboards:${path}:`));
    findings.expect(
      mounted,
      `it reads ${path}, where compose mounts no dashboards`,
      "name the folder that is mounted",
    );
    findings.expect(
      at(provider, "allowUiUpdates") === false,
      "dashboards can be saved over, and are lost at the next start",
      "set allowUiUpdates to false",
    );
  }
  for (const folder of ["datasources", "dashboards"]) {
    const mounted = volumes.some(
      (volume) =>
        volume.startsWith(`./grafana/provisioning/${folder}:/etc/grafana/provisioning/${folder}`) ||
        volume.startsWith("./grafana/provisioning:/etc/grafana/provisioning"),
    );
    findings.expect(mounted, `compose does not mount grafana/provisioning/${folder}`, "mount it");
  }
  const home = word(
    compose,
    "services",
    "grafana",
    "environment",
    "GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH",
  )
    .split("/")
    .at(-1);
  findings.expect(
    home === "" || shipped.has(`grafana/dashboards/${home}`),
    `Grafana opens with ${home}, which is not shipped`,
    "name one that is",
  );
  return findings.all;
}

/** Annotations expand only `${BRACED}`; in a label `$x` is replaced, so a template there has `$$`; queries are taken as they are. */
function grafanaAlerts(shipped: Shipped, uids: ReadonlySet<string>) {
  const findings = new Findings(ALERTS);
  if (!shipped.has(ALERTS)) return findings.all;
  const rules = list(yamlOf(shipped, ALERTS), "groups").flatMap((group) => list(group, "rules"));
  const dashboards = dashboardsOf(shipped);
  for (const rule of rules) {
    const title = word(rule, "title");
    const expect = (ok: boolean, what: string, mend: string) => findings.expect(ok, `${title} ${what}`, mend);
    for (const query of list(rule, "data")) {
      const uid = word(query, "datasourceUid");
      expect(
        uids.has(uid) || BUILT_IN.has(uid),
        `asks ${uid}, which is not provisioned`,
        "name a data source that is",
      );
    }
    const labels = JSON.stringify(section(rule, "labels"));
    expect(
      expandedIn(labels).length === 0,
      "has a label with a single $, which Grafana replaces by nothing",
      "write $$",
    );
    expect(
      !/\$\{\w+\}/.test(JSON.stringify(section(rule, "annotations"))),
      `has an annotation with \${…}, which Grafana replaces`,
      "leave out the braces",
    );
    expect(
      rule["noDataState"] === "OK",
      "fires when all is well: its comparison then returns nothing",
      "set noDataState to OK",
    );
    const [uid, panel] = [
      word(rule, "dashboardUid") || word(rule, "annotations", "__dashboardUid__"),
      word(rule, "panelId") || word(rule, "annotations", "__panelId__"),
    ];
    const board = dashboards.find((one) => one.uid === uid);
    expect(
      uid === "" || board !== undefined,
      `belongs to the dashboard ${uid}, which is not shipped`,
      "name one that is",
    );
    expect(
      panel === "" || board?.panels.some(({ id }) => id === Number(panel)) === true,
      `belongs to panel ${panel}, which is not there`,
      "name one that is",
    );
  }
  const expressions = new Set(
    rules.flatMap((rule) => list(rule, "data")).map((query) => word(query, "model", "expr").trim()),
  );
  for (const { expr, where, alert } of rulesOf(shipped)) {
    findings.expect(
      alert === "" || expressions.has(expr),
      `${where} of Prometheus is not among them`,
      "generate both from grafana/src/rules",
    );
  }
  return findings.all;
}
