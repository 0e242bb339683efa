import { describe, expect, it } from "vitest";
import { nodeGraph } from "../../../scripts/check-shipped/checks/node-graph.ts";
import type { Field, Frame } from "../../../scripts/check-shipped/grafana/frames.ts";
import { nodeGraphErrors } from "../../../scripts/check-shipped/grafana/node-graph.ts";
import { board, fakeTools, panel, sample, treeOf } from "./examples.ts";

const PANEL = { options: { nodes: { arcs: [{ field: "arc__ok" }, { field: "arc__errors" }] } } };

function frame(refId: string, columns: Readonly<Record<string, readonly unknown[]>>): Frame {
  const fields = Object.entries(columns).map(
    ([name, values]): Field => ({
      name,
      values,
      config: {},
      type: typeof values[0] === "number" ? "number" : "string",
    }),
  );
  return { refId, fields, length: fields[0]?.values.length ?? 0 };
}

const nodes = (changes: Readonly<Record<string, readonly unknown[]>> = {}) =>
  frame("joinByField-nodes", {
    id: ["a", "b"],
    title: ["a", "b"],
    mainstat: [1, 2],
    arc__ok: [1, 0.5],
    arc__errors: [0, 0.5],
    ...changes,
  });
const edges = (changes: Readonly<Record<string, readonly unknown[]>> = {}) =>
  frame("edges", { id: ["a->b"], source: ["a"], target: ["b"], mainstat: [3], ...changes });

describe("nodeGraphErrors", () => {
  it("has nothing against nodes with arcs and edges between them", () => {
    expect(nodeGraphErrors([nodes(), edges()], PANEL)).toEqual([]);
  });

  it.each([
    ["an end that is no node", [nodes(), edges({ target: ["c"] })], "the target c of an edge is no node"],
    [
      "arcs that are not 1 in all",
      [nodes({ arc__ok: [1, 1] }), edges()],
      "the arcs of node b are 1 and 0.5, not 1 in all",
    ],
    [
      "a value that is no number",
      [nodes({ mainstat: [1, Number.NaN] }), edges()],
      "mainstat of the nodes is not a number everywhere",
    ],
    ["two nodes of one id", [nodes({ id: ["a", "a"] }), edges({ target: ["a"] })], "two nodes have one id"],
    [
      "a field under another name",
      [nodes(), frame("edges", { id: ["x"], source: ["a"], target: ["b"], Value: [3] })],
      "the edges have no field mainstat",
    ],
    ["two frames of nodes", [nodes(), nodes(), edges()], "2 frames are nodes, and it draws the first"],
    ["no nodes", [edges()], "0 frames are nodes, and it draws the first"],
  ])("sees %s", (_, frames, error) => {
    expect(nodeGraphErrors(frames, PANEL)).toContain(error);
  });

  it("lets a choice without calls be empty", () => {
    expect(nodeGraphErrors([], PANEL, true)).toEqual([]);
    expect(nodeGraphErrors([], PANEL)).not.toEqual([]);
  });
});

describe("the check node-graph", () => {
  const graph = panel({ type: "nodeGraph", ...PANEL });
  const tools = (made: readonly Frame[]) =>
    fakeTools({ answer: () => [sample({ id: "a" }, "1")], transform: () => made });

  it("finds nothing where the frames can be drawn", async () => {
    expect(await nodeGraph.run(treeOf(board({ panels: [graph] })), tools([nodes(), edges()]))).toEqual([]);
  });

  it("says in which panel and with which choice they cannot", async () => {
    const found = await nodeGraph.run(
      treeOf(board({ panels: [graph] })),
      tools([nodes(), edges({ source: ["z"] })]),
    );
    expect(found.map(({ what }) => what)).toContain(
      'panel "Cost" (1) with app = desk: the source z of an edge is no node',
    );
  });
});
