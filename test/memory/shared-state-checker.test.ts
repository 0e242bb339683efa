import { describe, expect, it } from "vitest";
import { anomaliesOf, type FinalList, type Transaction } from "../faults/support/list-append.ts";

const final = (lists: Record<string, readonly string[]>): ReadonlyMap<string, FinalList> =>
  new Map(Object.entries(lists).map(([key, list]) => [key, { list, version: list.length }]));
const lists = (all: Record<string, readonly string[]>) =>
  Object.entries(all).map(([key, list]) => ({ key, list }));
let writers = 0;
/** Of a writer of its own. */
function did(
  reads: Record<string, readonly string[]>,
  appends: Record<string, string>,
  outcome: Transaction["outcome"] = "ok",
): Transaction {
  return {
    writer: `w${writers++}`,
    outcome,
    reads: lists(reads),
    appends: Object.entries(appends).map(([key, element]) => ({ key, element })),
  };
}

describe("the check of lists", () => {
  it("finds nothing where one came after the other", () => {
    const history = [
      did({ x: [] }, { x: "1" }),
      did({ x: ["1"], y: [] }, { x: "2", y: "3" }),
      did({ y: ["3"] }, {}),
    ];
    expect(anomaliesOf(history, final({ x: ["1", "2"], y: ["3"] }))).toEqual([]);
  });

  it("finds a lost update", () => {
    const history = [did({ x: [] }, { x: "1" }), did({ x: [] }, { x: "2" })];
    expect(anomaliesOf(history, final({ x: ["2"] }))).toContain("1 of x is lost");
  });

  it("finds an element that is there twice, that nobody wrote, or that was refused", () => {
    const history = [did({}, { x: "1" }), did({}, { x: "2" }, "fail")];
    expect(anomaliesOf(history, final({ x: ["1", "1"] }))).toContain("1 is in x twice");
    expect(anomaliesOf(history, final({ x: ["1", "2"] }))).toContain("2 is in x and was refused");
    expect(anomaliesOf(history, final({ x: ["1", "3"] }))).toContain("3 is in x and nobody wrote it");
  });

  it("finds a read of what never was, also by one that was refused", () => {
    const history = [did({}, { x: "1" }), did({}, { x: "2" }), did({ x: ["2"] }, {}, "fail")];
    expect(anomaliesOf(history, final({ x: ["1", "2"] }))).toEqual([
      'x was read as ["2"], which it never was',
    ]);
  });

  it("finds versions that do not agree", () => {
    const acked = { ...did({}, {}), appends: [{ key: "x", element: "1", version: 2 }] };
    const read = { ...did({}, {}), reads: [{ key: "x", list: ["1"], version: 3 }] };
    expect(anomaliesOf([acked, read], new Map([["x", { list: ["1"], version: 4 }]]))).toEqual([
      "x has version 4 and 1 elements",
      "1 of x was version 2 and is number 1",
      "x was read as version 3 with 1 elements",
    ]);
  });

  it("finds write skew: each read what the other had not yet written", () => {
    const history = [did({ x: [], y: [] }, { x: "1" }), did({ x: [], y: [] }, { y: "2" })];
    expect(anomaliesOf(history, final({ x: ["1"], y: ["2"] }))).toEqual([
      expect.stringContaining("2 transactions have no order"),
    ]);
  });

  it("finds one that saw half of another", () => {
    const history = [did({}, { x: "1", y: "2" }), did({ x: ["1"], y: [] }, {})];
    expect(anomaliesOf(history, final({ x: ["1"], y: ["2"] }))).toEqual([
      expect.stringContaining("no order"),
    ]);
  });

  it("finds a writer who does not see what he has written himself", () => {
    const [first, second] = [did({}, { x: "1" }), did({ x: [] }, {})];
    const history = [first, { ...second, writer: first.writer }];
    expect(anomaliesOf(history, final({ x: ["1"] }))).toEqual([expect.stringContaining("no order")]);
  });

  it("takes one whose fate is not known for done where what it wrote is there", () => {
    const history = [did({}, { x: "1" }, "info"), did({}, { x: "2" }, "info"), did({ x: ["1"] }, { x: "3" })];
    expect(anomaliesOf(history, final({ x: ["1", "3"] }))).toEqual([]);
  });
});
