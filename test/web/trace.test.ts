import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { spanRows } from "../../src/web/trace/span-tree.ts";
import { ticks } from "../../src/web/trace/ticks.ts";
import { treeKey } from "../../src/web/trace/tree-key.ts";

const span = (span_id: string, parent_span_id: string | null, offset_ms = 0) => ({
  span_id,
  parent_span_id,
  offset_ms,
});
const NONE = new Set<string>();

describe("the rows of a trace", () => {
  it("has parents before children and children by start", () => {
    const rows = spanRows(
      [span("b", "root", 9), span("root", null), span("c", "b", 10), span("a", "root", 3)],
      NONE,
    );
    expect(rows.map(({ span, depth }) => [span.span_id, depth])).toEqual([
      ["root", 0],
      ["a", 1],
      ["b", 1],
      ["c", 2],
    ]);
  });

  it("marks a span whose parent is not there, and shows it as a root", () => {
    const [row] = spanRows([span("a", "gone")], NONE);
    expect(row).toMatchObject({ depth: 0, orphan: true });
  });

  it("hides what is below a collapsed span", () => {
    const rows = spanRows([span("root", null), span("a", "root"), span("b", "a")], new Set(["a"]));
    expect(rows.map(({ span }) => span.span_id)).toEqual(["root", "a"]);
  });

  it("shows 10,000 spans that are each the parent of the next", () => {
    const chain = Array.from({ length: 10_000 }, (_, index) =>
      span(`${index}`, index === 0 ? null : `${index - 1}`),
    );
    expect(spanRows(chain, NONE)).toHaveLength(10_000);
  });

  it("has one row for each span, whatever the parents are", () => {
    const id = fc.integer({ min: 0, max: 12 }).map(String);
    const spans = fc.uniqueArray(
      fc.record({ span_id: id, parent_span_id: fc.option(id), offset_ms: fc.integer() }),
      {
        selector: ({ span_id }) => span_id,
      },
    );
    fc.assert(
      fc.property(spans, (list) => {
        const ids = spanRows(list, NONE).map(({ span }) => span.span_id);
        expect(ids.toSorted()).toEqual(list.map(({ span_id }) => span_id).toSorted());
      }),
    );
  });
});

describe("keys in the tree", () => {
  const rows = spanRows([span("root", null), span("a", "root", 1), span("b", "root", 2)], NONE);

  it.each([
    ["ArrowDown", 0, { choose: "a" }],
    ["ArrowUp", 0, { choose: "root" }],
    ["ArrowRight", 0, { choose: "a" }],
    ["ArrowLeft", 0, { toggle: "root" }],
    ["ArrowLeft", 2, { choose: "root" }],
    ["ArrowRight", 2, {}],
    ["End", 0, { choose: "b" }],
    ["Home", 2, { choose: "root" }],
    ["x", 0, undefined],
  ])("%s on row %s", (key, at, move) => {
    expect(treeKey(key, rows, at, NONE)).toEqual(move);
  });

  it("opens a closed span with the right arrow", () => {
    const closed = new Set(["root"]);
    expect(
      treeKey(
        "ArrowRight",
        spanRows(
          rows.map(({ span }) => span),
          closed,
        ),
        0,
        closed,
      ),
    ).toEqual({ toggle: "root" });
  });
});

describe("ticks of the axis", () => {
  it("are round", () => {
    expect(ticks(9_440)).toEqual([0, 2_000, 4_000, 6_000, 8_000]);
  });

  it("are few and within the axis for any length", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e9, noNaN: true }), (total) => {
        const marks = ticks(total);
        expect(marks.length).toBeLessThanOrEqual(6);
        expect(Math.max(...marks)).toBeLessThanOrEqual(total * 1.000001);
      }),
    );
  });
});
