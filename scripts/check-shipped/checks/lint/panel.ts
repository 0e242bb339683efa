import type { Findings } from "../../check.ts";
import { at, type Data, list, mappings, section, word } from "../../data.ts";
import { type Panel, whereIs } from "../../grafana/dashboard.ts";
import type { GrafanaParts } from "../../tools/grafana-parts.ts";

/** Rename a column's shown name alone, and the Node Graph reads a field's own: what is renamed is not found. */
const RENAMES = new Set(["organize", "renameByRegex", "rename"]);
const GAUGES = new Set(["gauge", "bargauge"]);
const PREFIXED_UNIT = /^(prefix|suffix|time|si|count|currency|bool):.+/;

export function lintPanel(panel: Panel, grafana: GrafanaParts, findings: Findings): void {
  const { json, type } = panel;
  const where = whereIs(panel);
  const expect = (ok: boolean, what: string, mend: string) => findings.expect(ok, `${where} ${what}`, mend);
  const defaults = section(json, "fieldConfig", "defaults");
  expect(panel.title.trim() !== "", "has no title", "say what it shows");
  expect(
    word(json, "description").length >= 20,
    "has no description",
    "say what it shows and what its colours mean",
  );
  if (type === "text") return;
  expect(panel.targets.length > 0, "has no query", "give it one, or take the panel out");
  expect(word(defaults, "noValue") !== "", "has no text for no data, which looks like 0", "set noValue");
  expect(word(defaults, "unit") !== "", "has no unit", "set one; `short` or `none` for plain numbers");
  lintUnits(json, grafana, expect);
  lintThresholds(json, expect);
  lintTransformations(panel, grafana, expect);
  if (GAUGES.has(type)) {
    const scaled =
      typeof defaults["min"] === "number" && (typeof defaults["max"] === "number" || type === "bargauge");
    expect(scaled, "is a gauge without the ends of its scale", "set min and max");
  }
}

type Expect = (ok: boolean, what: string, mend: string) => void;

function lintUnits(json: Data, { units }: GrafanaParts, expect: Expect): void {
  const overridden = list(json, "fieldConfig", "overrides")
    .flatMap((override) => list(override, "properties"))
    .filter(({ id }) => id === "unit")
    .map((property) => word(property, "value"));
  for (const unit of [word(json, "fieldConfig", "defaults", "unit"), ...overridden]) {
    const known = unit === "" || units.has(unit) || PREFIXED_UNIT.test(unit);
    expect(
      known,
      `has the unit ${JSON.stringify(unit)}, which Grafana does not know`,
      "take one of Grafana's",
    );
  }
}

function lintThresholds(json: Data, expect: Expect): void {
  for (const thresholds of mappings(section(json, "fieldConfig"))) {
    if (!Array.isArray(thresholds["steps"])) continue;
    const [first, ...rest] = list(thresholds, "steps").map(({ value }) => value);
    expect(
      first === null || first === undefined,
      "has thresholds that do not begin at null",
      "begin with the colour of all below",
    );
    const rising = rest.every(
      (value, index) => typeof value === "number" && (index === 0 || value > Number(rest[index - 1])),
    );
    expect(
      rising,
      "has thresholds that do not rise",
      "Grafana takes the last step that a value reaches: sort them",
    );
  }
}

function lintTransformations(panel: Panel, { transformations }: GrafanaParts, expect: Expect): void {
  const used = list(panel.json, "transformations");
  for (const one of used) {
    const id = word(one, "id");
    expect(
      transformations.has(id),
      `uses the transformation ${id}, which Grafana does not export`,
      "take one that can be proved",
    );
  }
  if (panel.type !== "nodeGraph") return;
  const renaming = used.find((one) => RENAMES.has(word(one, "id")));
  expect(
    renaming === undefined,
    `renames fields by ${word(renaming, "id")}, which the Node Graph does not see`,
    "make the names in PromQL, or add fields by calculation",
  );
  for (const target of panel.targets.filter((one) => at(one, "expr") !== undefined)) {
    const asTable = at(target, "format") === "table" && at(target, "instant") === true;
    expect(
      asTable,
      `has query ${word(target, "refId")} not as an instant table, of which the graph takes one row`,
      "set format table and instant",
    );
  }
}
