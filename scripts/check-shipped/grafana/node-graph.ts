import { type Data, list, word } from "../data.ts";
import type { Field, Frame } from "./frames.ts";

/** Fields that the panel reads by their own names; it takes no other, and none by the name it is shown under. */
const ROUNDING = 1e-6;

/**
 * What the Node Graph panel would stumble over, by the rules of its source: it draws the first frame that is called `nodes` or has a
 * field `id`, and the first that is called `edges` or has a field `source`.
 *
 * @param mayBeEmpty Whether it may have nothing to draw: a choice without any calls.
 */
export function nodeGraphErrors(
  frames: readonly Frame[],
  panel: Data,
  mayBeEmpty = false,
): readonly string[] {
  const graphs = frames.filter(
    (frame) => frame.refId === "nodes" || frame.refId === "edges" || field(frame, "id") !== undefined,
  );
  const isEdges = (frame: Frame) =>
    frame.name === "edges" || frame.refId === "edges" || field(frame, "source") !== undefined;
  const edges = graphs.filter(isEdges);
  const nodes = graphs.filter((frame) => !isEdges(frame));
  if (mayBeEmpty && frames.every(({ length }) => length === 0)) return [];
  const errors: string[] = [];
  const expect = (ok: boolean, error: string) => {
    if (!ok) errors.push(error);
  };
  expect(nodes.length === 1, `${nodes.length} frames are nodes, and it draws the first`);
  expect(
    edges.length === 1 || (mayBeEmpty && edges.length === 0),
    `${edges.length} frames are edges, and it draws the first`,
  );
  const [node, edge] = [nodes[0], edges[0]];
  if (node === undefined) return errors;
  return [
    ...errors,
    ...nodeErrors(node, panel, mayBeEmpty),
    ...(edge === undefined ? [] : edgeErrors(edge, node)),
  ];
}

/** Names are compared in lower case. */
const field = (frame: Frame, name: string): Field | undefined =>
  frame.fields.find((one) => one.name.toLowerCase() === name);

const numbers = (frame: Frame, name: string): readonly number[] | undefined =>
  field(frame, name)?.values.map((value) => (typeof value === "number" ? value : Number.NaN));

function nodeErrors(frame: Frame, panel: Data, mayBeEmpty: boolean): readonly string[] {
  const errors: string[] = [];
  const ids = field(frame, "id")?.values ?? [];
  if (ids.length === 0 && !mayBeEmpty) errors.push("there are no nodes");
  if (new Set(ids).size < ids.length) errors.push("two nodes have one id");
  for (const name of ["title", "mainstat"])
    if (field(frame, name) === undefined) errors.push(`the nodes have no field ${name}`);
  errors.push(...notANumber(frame, "nodes"));
  const arcs = list(panel, "options", "nodes", "arcs").map((arc) => word(arc, "field"));
  const shares = arcs.map((arc) => numbers(frame, arc.toLowerCase()));
  for (const [index, arc] of arcs.entries())
    if (shares[index] === undefined) errors.push(`the nodes have no field ${arc}`);
  if (arcs.length > 0 && shares.every((share) => share !== undefined)) {
    const wrong = ids.findIndex(
      (_, row) => Math.abs(shares.reduce((sum, share) => sum + share[row]!, 0) - 1) > ROUNDING,
    );
    if (wrong !== -1)
      errors.push(
        `the arcs of node ${String(ids[wrong])} are ${shares.map((share) => share[wrong]).join(" and ")}, not 1 in all`,
      );
    const negative = ids.findIndex((_, row) => shares.some((share) => share[row]! < -ROUNDING));
    if (negative !== -1) errors.push(`node ${String(ids[negative])} has an arc below 0`);
  }
  return errors;
}

function edgeErrors(frame: Frame, nodes: Frame): readonly string[] {
  const errors: string[] = [];
  for (const name of ["id", "source", "target", "mainstat"]) {
    if (field(frame, name) === undefined) errors.push(`the edges have no field ${name}`);
  }
  const ids = field(frame, "id")?.values ?? [];
  if (new Set(ids).size < ids.length) errors.push("two edges have one id");
  const known = new Set(field(nodes, "id")?.values);
  for (const end of ["source", "target"]) {
    const lost = field(frame, end)?.values.find((value) => !known.has(value));
    if (lost !== undefined) errors.push(`the ${end} ${String(lost)} of an edge is no node`);
  }
  return [...errors, ...notANumber(frame, "edges")];
}

const SHOWN_NUMBERS = /^(mainstat|secondarystat|arc__.+|detail__.+|thickness)$/;

function notANumber(frame: Frame, which: string): readonly string[] {
  return frame.fields
    .filter(({ name, type }) => type === "number" && SHOWN_NUMBERS.test(name.toLowerCase()))
    .filter(({ values }) => values.some((value) => typeof value !== "number" || !Number.isFinite(value)))
    .map(({ name }) => `${name} of the ${which} is not a number everywhere`);
}
