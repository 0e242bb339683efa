import { type Check, Findings } from "../check.ts";
import { type Data, list, mappings, word } from "../data.ts";
import { type Dashboard, dashboardsOf, queriesOf } from "../grafana/dashboard.ts";

const MEND = "name a dashboard, a panel and variables that are shipped";
const BOARD = /\/d\/([^/?"']+)(?:\/[^?"']*)?(?:\?([^"'#]*))?/g;

/** Links from board to board, wherever they stand. */
export const dashboardLinks: Check = {
  name: "dashboard-links",
  holds:
    "every link leads to a dashboard, panel and variable that is shipped, and boards are linked with one another",
  run(shipped) {
    const dashboards = dashboardsOf(shipped);
    return dashboards.flatMap((dashboard) => linksOf(dashboard, dashboards));
  },
};

function linksOf(dashboard: Dashboard, all: readonly Dashboard[]) {
  const findings = new Findings(dashboard.file);
  for (const link of list(dashboard.json, "links")) {
    const leads =
      word(link, "url") !== "" || list(link, "tags").length > 0 || word(link, "type") === "dashboards";
    findings.expect(leads, `link ${JSON.stringify(word(link, "title"))} leads nowhere`, MEND);
    const keeps =
      !word(link, "url").startsWith("/d/") || (link["keepTime"] === true && link["includeVars"] === true);
    findings.expect(
      keeps,
      `link ${JSON.stringify(word(link, "title"))} drops time or variables`,
      "set keepTime and includeVars",
    );
  }
  for (const text of textsOf(dashboard.json)) {
    // A template is filled from a label, which the query has made: see below.
    for (const [, uid = "", query = ""] of text.matchAll(BOARD))
      if (!/[{$]/.test(uid)) checkLink(uid, query, all, findings);
  }
  for (const { expr } of queriesOf(dashboard)) {
    for (const [uid] of expr.matchAll(/\bagent-otel-[a-z]+\b/g)) checkLink(uid, "", all, findings);
  }
  for (const other of all.filter(({ uid }) => uid !== dashboard.uid)) {
    const linked = JSON.stringify(dashboard.json).includes(`/d/${other.uid}`);
    findings.expect(
      linked,
      `there is no link to ${other.uid}`,
      "add one, so that every board can be reached",
    );
  }
  return findings.all;
}

/** Where Grafana looks for links: `url` of links, and the texts of annotations and panels. */
function textsOf(json: Data): readonly string[] {
  return [...mappings(json)]
    .flatMap((one) => ["url", "textFormat", "content"].map((key) => word(one, key)))
    .filter((text) => text !== "");
}

function checkLink(uid: string, query: string, all: readonly Dashboard[], findings: Findings): void {
  const to = all.find((other) => other.uid === uid);
  findings.expect(to !== undefined, `a link leads to the dashboard ${uid}, which is not shipped`, MEND);
  if (to === undefined) return;
  const names = to.variables.map((variable) => word(variable, "name"));
  for (const [, name = ""] of query.matchAll(/\bvar-(\w+)=/g)) {
    findings.expect(names.includes(name), `a link gives ${uid} the variable ${name}, which it lacks`, MEND);
  }
  for (const [, id] of query.matchAll(/\bviewPanel=(?:panel-)?(\d+)/g)) {
    findings.expect(
      to.panels.some((panel) => panel.id === Number(id)),
      `a link leads to panel ${id} of ${uid}, which is not there`,
      MEND,
    );
  }
}
