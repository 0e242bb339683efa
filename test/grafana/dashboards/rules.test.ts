import { describe, expect, it } from "vitest";
import { variable } from "../../../grafana/src/panels/variable.ts";
import { boards, type Field, panels, panelsOf, texts } from "./support/boards.ts";

/** Ids of Grafana's own units that the boards use, from getValueFormats() of @grafana/data 13.2.2. */
const UNITS = ["none", "short", "percentunit", "s", "bytes", "currencyUSD", "cpm"];

const unitsOf = (overrides: NonNullable<(typeof panels)[number][1]["fieldConfig"]>["overrides"]) =>
  overrides.flatMap(({ properties }) =>
    properties.filter(({ id }) => id === "unit").map(({ value }) => String(value)),
  );

describe.each(boards.map((board) => [board.uid, board] as const))("%s", (_, board) => {
  it("has at most 15 panels, a description, the classic schema and a crosshair, and is not edited in Grafana", () => {
    expect(panelsOf(board).length).toBeLessThanOrEqual(15);
    expect(board.description).not.toBe("");
    expect(board).toMatchObject({ schemaVersion: 42, graphTooltip: 1, editable: false });
  });

  it("numbers its panels once", () => {
    const ids = board.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => Number.isSafeInteger(id) && id > 0)).toBe(true);
  });

  it("fills the grid of 24 columns without a gap and without an overlap", () => {
    const taken = new Set<string>();
    for (const { title, gridPos } of board.panels) {
      const { x, y, w, h } = gridPos;
      for (let row = y; row < y + h; row++) {
        for (let column = x; column < x + w; column++) {
          expect(taken.has(`${row} ${column}`), title).toBe(false);
          taken.add(`${row} ${column}`);
        }
      }
    }
    const height = Math.max(...board.panels.map(({ gridPos }) => gridPos.y + gridPos.h));
    expect(taken.size).toBe(24 * height);
  });

  it("begins each row with a question", () => {
    for (const { title } of board.panels.filter(({ type }) => type === "row")) expect(title).toMatch(/\?$/);
  });
});

describe.each(panels)("%s", (_, panel) => {
  const { defaults = {}, overrides = [] } = panel.fieldConfig ?? {};
  const field: Field = defaults;

  it("says what it shows, in which unit, and why it may be empty", () => {
    expect(panel.title).not.toBe("");
    expect(panel.description ?? "").toMatch(/^[A-Z0-9].{20,}\.$/s);
    for (const unit of [field.unit, ...unitsOf(overrides)]) expect(UNITS).toContain(unit);
    expect(field.noValue ?? "").toMatch(/^[^A-Z].{8,}$|^Jaeger |^Prometheus /);
  });

  it("has ascending thresholds, and says what they mean where there are any", () => {
    const steps = field.thresholds?.steps ?? [];
    const values = steps.map(({ value }) => value);
    if (panel.type !== "nodeGraph") expect(values[0]).toBeNull();
    expect(values.slice(1)).toEqual([...values.slice(1)].sort((a, b) => Number(a) - Number(b)));
    expect(new Set(values).size).toBe(values.length);
    if (steps.length > 1) expect(panel.description).toMatch(/\b([Rr]ed|[Yy]ellow)\b/);
  });

  it("names each of its queries once, and none of them is hard-wired to a data source", () => {
    const { targets = [] } = panel;
    expect(targets.length).toBeGreaterThan(0);
    expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    for (const { uid } of [panel.datasource, ...targets.map(({ datasource }) => datasource)].map((d) => d!)) {
      expect([variable("datasource"), variable("jaeger")]).toContain(uid);
    }
  });
});

describe("a series by name", () => {
  const bySeries = panels.filter(([, { type }]) => type === "timeseries");

  it.each(bySeries)(
    "%s: has the colour of its name, so that an agent has one colour everywhere",
    (_, panel) => {
      expect(panel.fieldConfig?.defaults.color?.mode).toBe("palette-classic-by-name");
    },
  );
});

describe("the JSON", () => {
  it("is the same each time", async () => {
    const { dashboardFiles } = await import("../../../grafana/src/dashboards/files.ts");
    expect(dashboardFiles().map(([, text]) => text)).toEqual(texts);
  });

  it("asks for nothing at import", () => {
    for (const text of texts) expect(text).not.toMatch(/__inputs|\$\{DS_/);
  });
});
