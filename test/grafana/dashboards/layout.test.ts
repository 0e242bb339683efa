import { describe, expect, it } from "vitest";
import { type Board, dashboard } from "../../../grafana/src/dashboards/board.ts";
import type { SizedPanel, Thresholds } from "../../../grafana/src/panels/panel.ts";
import { stat } from "../../../grafana/src/panels/stat.ts";
import { table } from "../../../grafana/src/panels/table.ts";
import { none } from "../../../grafana/src/panels/values.ts";

const OPTIONS = {
  id: 1,
  title: "One",
  description: "What it is.",
  unit: "short",
  noValue: "nothing",
  queries: [{ refId: "A", expr: "up" }],
  width: 12,
  height: 4,
};

const board = (...panels: readonly SizedPanel[]): Board => ({
  name: "cost",
  description: "",
  variables: [],
  rows: [{ id: 100, title: "Why?", panels }],
});

describe("a row of panels", () => {
  const half = stat(OPTIONS);

  it("goes on in the next line when one is full", () => {
    const { panels } = dashboard(board(half, half, half, half));
    expect(panels?.map(({ gridPos }) => gridPos)).toEqual([
      { x: 0, y: 0, w: 24, h: 1 },
      { x: 0, y: 1, w: 12, h: 4 },
      { x: 12, y: 1, w: 12, h: 4 },
      { x: 0, y: 5, w: 12, h: 4 },
      { x: 12, y: 5, w: 12, h: 4 },
    ]);
  });

  it("is refused with a gap, beyond the board, or of two heights in a line", () => {
    expect(() => dashboard(board(half))).toThrow("Why?: the last line leaves a gap");
    expect(() => dashboard(board(half, stat({ ...OPTIONS, width: 13 })))).toThrow("goes beyond the board");
    expect(() => dashboard(board(half, stat({ ...OPTIONS, height: 5 })))).toThrow(
      "as high as the panel beside it",
    );
  });
});

describe("thresholds", () => {
  const steps = (thresholds?: Thresholds) =>
    stat({ ...OPTIONS, ...(thresholds !== undefined && { thresholds }) }).panel.fieldConfig?.defaults
      .thresholds?.steps;

  it("go from green to red where high is bad", () => {
    expect(steps({ warn: 1, bad: 5, meaning: "" })).toEqual([
      { value: null, color: "green" },
      { value: 1, color: "yellow" },
      { value: 5, color: "red" },
    ]);
  });

  it("go from red to green where low is bad", () => {
    expect(steps({ warn: 80, bad: 60, meaning: "" })).toEqual([
      { value: null, color: "red" },
      { value: 60, color: "yellow" },
      { value: 80, color: "green" },
    ]);
  });

  it("have no yellow for what must not happen at all", () => {
    expect(steps(none("span"))).toEqual([
      { value: null, color: "green" },
      { value: 1, color: "red" },
    ]);
  });

  it("judge nothing where there is nothing to judge", () => {
    expect(steps()).toEqual([{ value: null, color: "blue" }]);
  });

  it("stand in the description", () => {
    expect(stat({ ...OPTIONS, thresholds: none("span") }).panel.description).toBe(
      "What it is. Red from one span on.",
    );
  });
});

describe("a table", () => {
  const { panel } = table({
    ...OPTIONS,
    columns: [{ field: "job", title: "Application" }],
    hidden: ["Value"],
  });

  it("asks once, and shows the columns that are named, in their order", () => {
    expect(panel.targets).toMatchObject([{ instant: true, format: "table" }]);
    expect(panel.transformations).toEqual([
      {
        id: "organize",
        options: {
          excludeByName: { Time: true, Value: true },
          indexByName: { job: 0 },
          renameByName: { job: "Application" },
        },
      },
    ]);
  });

  it("shows a dash in a cell without a value, and not the sentence for no rows", () => {
    expect(panel.fieldConfig?.defaults.noValue).toBe("nothing");
    expect(panel.fieldConfig?.overrides).toMatchObject([
      {
        matcher: { options: "Application" },
        properties: expect.arrayContaining([{ id: "noValue", value: "–" }]),
      },
    ]);
  });

  it("keeps the labels that links read, and does not draw them", () => {
    const { fieldConfig, transformations } = table({ ...OPTIONS, columns: [], forLinks: ["board"] }).panel;
    expect(fieldConfig?.overrides[0]?.matcher).toEqual({ id: "byName", options: "board" });
    expect(transformations?.[0]?.options).toMatchObject({ excludeByName: { Time: true } });
    expect(JSON.stringify(transformations)).not.toContain("board");
  });

  it("has none of what Grafana 13 no longer knows", () => {
    expect(panel.options).not.toHaveProperty("footer");
  });
});
