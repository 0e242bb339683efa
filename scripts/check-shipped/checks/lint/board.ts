import type { Findings } from "../../check.ts";
import { at, section, strings, word } from "../../data.ts";
import { type Dashboard, type Panel, whereIs } from "../../grafana/dashboard.ts";

/** What one can take in; the rest belongs on another board. */
const MOST_PANELS = 15;
const GRID = 24;

export function lintBoard(dashboard: Dashboard, all: readonly Dashboard[], findings: Findings): void {
  const { json, uid, panels, file } = dashboard;
  const drawn = panels.filter(({ type }) => type !== "row");
  findings.expect(word(json, "title") !== "", "the dashboard has no title", "give it one");
  findings.expect(
    /^[a-z0-9-]{1,40}$/.test(uid),
    `the uid ${JSON.stringify(uid)} is none that a link can name`,
    "give it a short one",
  );
  const same = all.filter((other) => other.uid === uid && other.file !== file);
  findings.expect(
    same.length === 0,
    `the uid ${uid} is also that of ${same[0]?.file}`,
    "each dashboard has its own",
  );
  findings.expect(
    at(json, "editable") === false,
    "it is editable, but what is edited is lost",
    "set editable to false",
  );
  findings.expect(
    at(json, "id") === undefined || at(json, "id") === null,
    "it carries the id of a database",
    "leave the id out",
  );
  findings.expect(
    Number(at(json, "graphTooltip")) > 0,
    "the panels do not share a crosshair",
    "set graphTooltip to 1",
  );
  findings.expect(strings(json, "tags").includes("agent-otel"), "it lacks the tag agent-otel", "tag it");
  findings.expect(
    at(json, "__inputs") === undefined,
    "it has __inputs, which provisioning does not fill",
    "use the variable datasource",
  );
  findings.expect(
    !/\$\{DS_/.test(JSON.stringify(json)),
    `it names a data source as \${DS_…}`,
    "use the variable datasource",
  );
  findings.expect(
    drawn.length <= MOST_PANELS,
    `${drawn.length} panels are more than ${MOST_PANELS}`,
    "move some to another board",
  );
  lintIds(panels, findings);
  lintGrid(panels, findings);
}

function lintIds(panels: readonly Panel[], findings: Findings): void {
  for (const panel of panels) {
    findings.expect(
      Number.isSafeInteger(panel.id) && panel.id > 0,
      `${whereIs(panel)} has no id`,
      "give it one: links and alerts point to it",
    );
    const twin = panels.find((other) => other !== panel && other.id === panel.id);
    findings.expect(
      twin === undefined,
      `${whereIs(panel)} has the id of ${JSON.stringify(twin?.title)}`,
      "give it its own",
    );
  }
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

function lintGrid(panels: readonly Panel[], findings: Findings): void {
  const boxes = panels.map((panel) => ({ panel, box: boxOf(panel) }));
  for (const [index, { panel, box }] of boxes.entries()) {
    const inside = box.x >= 0 && box.y >= 0 && box.w > 0 && box.h > 0 && box.x + box.w <= GRID;
    findings.expect(
      inside,
      `${whereIs(panel)} does not fit on the grid of ${GRID} columns`,
      "mend its gridPos",
    );
    const over = boxes.slice(index + 1).find((other) => overlap(box, other.box));
    if (over !== undefined)
      findings.add(`${whereIs(panel)} overlaps ${whereIs(over.panel)}`, "mend their gridPos");
  }
}

function boxOf({ json }: Panel): Box {
  const place = section(json, "gridPos");
  return { x: Number(place["x"]), y: Number(place["y"]), w: Number(place["w"]), h: Number(place["h"]) };
}

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
