import { describe, expect, it } from "vitest";
import { variable } from "../../../grafana/src/panels/variable.ts";
import { panels } from "./support/boards.ts";
import { nodes } from "./support/promql.ts";

const [, graph] = panels.find(([, { type, targets }]) => type === "nodeGraph" && (targets?.length ?? 0) > 1)!;
const expr = (refId: string) => graph.targets!.find((target) => target.refId === refId)!.expr!;
const aliases = (refIds: string) =>
  graph
    .transformations!.filter(({ filter }) => filter?.options === refIds)
    .flatMap(({ options }) => options.alias ?? []);

describe("the interaction graph", () => {
  it("asks once, for tables: of time series the panel would draw the first alone", () => {
    expect(graph.targets!.map(({ refId }) => refId)).toEqual([
      "nodes",
      "nodes_errors",
      "nodes_cost",
      "edges",
      "edges_errors",
    ]);
    for (const target of graph.targets!) expect(target).toMatchObject({ instant: true, format: "table" });
  });

  it("renames nothing, since the panel reads fields by their own names", () => {
    expect(new Set(graph.transformations!.map(({ id }) => id))).toEqual(
      new Set(["joinByField", "calculateField"]),
    );
  });

  it("adds every number as a field that the panel knows", () => {
    expect(aliases("/nodes/")).toEqual(["mainstat", "secondarystat", "arc__errors", "arc__ok"]);
    expect(aliases("/edges/")).toEqual(["mainstat", "secondarystat"]);
  });

  it("draws the two arcs that add up to one", () => {
    expect(graph.options!.nodes!.arcs.map(({ field }) => field)).toEqual(["arc__ok", "arc__errors"]);
  });

  it("takes the value of a query also where it is the only one that returned anything", () => {
    for (const { options } of graph.transformations!.filter(({ options }) => options.alias === "mainstat")) {
      expect(options.reduce!.include).toContain("Value");
    }
  });

  it.each(["nodes", "nodes_errors", "nodes_cost", "edges", "edges_errors"])(
    "%s is PromQL with an id",
    (refId) => {
      expect(nodes(expr(refId), "Identifier").length).toBeGreaterThan(0);
      expect(expr(refId)).toContain('"id"');
    },
  );

  it("gives edges their ends, and nodes a title and a kind", () => {
    for (const name of ["source", "target"]) expect(expr("edges")).toContain(`"${name}"`);
    for (const name of ["title", "subtitle"]) expect(expr("nodes")).toContain(`"${name}"`);
  });

  it("makes a node of both ends of the very edges that it draws", () => {
    const drawn = /^round\(label_join\((.*), "id", "->", "source", "target"\)\)$/s.exec(expr("edges"))![1]!;
    for (const end of ["source", "target"]) {
      expect(expr("nodes")).toContain(`label_replace(${drawn}, "id", "$1", "${end}", "(.+)")`);
    }
  });
});

describe("the graph that Jaeger draws", () => {
  it("is asked of Jaeger's data source", () => {
    const [, panel] = panels.find(([, { targets }]) => targets?.[0]?.queryType === "dependencyGraph")!;
    expect(panel.targets).toMatchObject([{ datasource: { type: "jaeger", uid: variable("jaeger") } }]);
  });
});
