import type { Panel, Transformation } from "./dashboard-file.ts";
import type { Row } from "./dashboard-prometheus.ts";

/** A table of a panel: fields by name, each with a value for every row. */
export interface Frame {
  readonly refId: string;
  readonly fields: ReadonlyMap<string, readonly Cell[]>;
}

type Cell = string | number | undefined;

/** Answers to instant queries in the format «table», as the data source makes frames of them: no rows, no frame. */
export function tableFrames(
  answers: readonly (readonly [refId: string, readonly Row[]])[],
): readonly Frame[] {
  const filled = answers.filter(([, rows]) => rows.length > 0);
  return filled.map(([refId, rows]) => {
    const labels = [...new Set(rows.flatMap(({ metric }) => Object.keys(metric)))];
    const columns = labels.map((label): [string, Cell[]] => [label, rows.map(({ metric }) => metric[label])]);
    // Where one query alone has rows, its column has no refId.
    const value = filled.length > 1 ? `Value #${refId}` : "Value";
    return { refId, fields: new Map([...columns, [value, rows.map((row) => Number(row.value[1]))]]) };
  });
}

/** What the transformations of a panel make of its frames; `joinByField` (outer) and `calculateField` are known. */
export function transformed(frames: readonly Frame[], { transformations = [] }: Panel): readonly Frame[] {
  return transformations.reduce<readonly Frame[]>((before, step) => {
    const isMeant = ({ refId }: Frame): boolean => matcher(step.filter?.options).test(refId);
    const meant = before.filter(isMeant);
    if (meant.length === 0) return before;
    const others = before.filter((frame) => !isMeant(frame));
    return [...others, ...apply(meant, step)];
  }, frames);
}

function matcher(options = "/.*/"): RegExp {
  const [, pattern = `^${options}$`] = /^\/(.*)\/$/.exec(options) ?? [];
  return new RegExp(pattern);
}

function apply(frames: readonly Frame[], { id, options }: Transformation): readonly Frame[] {
  if (id === "joinByField") return [joined(frames, String(options["byField"]))];
  if (id === "calculateField") return frames.map((frame) => calculated(frame, options));
  throw new Error(`transformation ${id} is not known here`);
}

function joined(frames: readonly Frame[], by: string): Frame {
  if (frames.length === 1) return frames[0]!;
  const keys = [...new Set(frames.flatMap(({ fields }) => fields.get(by) ?? []))];
  const fields = new Map<string, readonly Cell[]>([[by, keys]]);
  for (const frame of frames) {
    const rowOf = new Map((frame.fields.get(by) ?? []).map((key, i) => [key, i]));
    for (const [name, values] of frame.fields) {
      if (name === by) continue;
      const unique = fields.has(name) ? `${name} ${frame.refId}` : name;
      fields.set(
        unique,
        keys.map((key) => (rowOf.has(key) ? values[rowOf.get(key)!] : undefined)),
      );
    }
  }
  return { refId: `joinByField-${frames.map(({ refId }) => refId).join("-")}`, fields };
}

interface Calculation {
  readonly mode: "reduceRow" | "binary";
  readonly alias: string;
  readonly reduce?: { readonly reducer: string; readonly include?: readonly string[] };
  readonly binary?: { readonly left: Operand; readonly operator: string; readonly right: Operand };
}
interface Operand {
  readonly fixed?: string;
  readonly matcher?: { readonly options: string };
}

function calculated(frame: Frame, options: Readonly<Record<string, unknown>>): Frame {
  const { mode, alias, reduce, binary } = options as unknown as Calculation;
  const rows = [...frame.fields.values()][0]?.length ?? 0;
  const at = (name: string, row: number): number => Number(frame.fields.get(name)?.[row] ?? 0);
  const operand = ({ fixed, matcher: field }: Operand, row: number): number =>
    fixed === undefined ? at(field?.options ?? "", row) : Number(fixed);
  const value = (row: number): number => {
    if (mode === "reduceRow" && reduce?.reducer === "sum")
      return (reduce.include ?? []).reduce((sum, name) => sum + at(name, row), 0);
    if (mode === "binary" && binary?.operator === "-")
      return operand(binary.left, row) - operand(binary.right, row);
    throw new Error(`the calculation of ${alias} is not known here`);
  };
  return {
    ...frame,
    fields: new Map([...frame.fields, [alias, Array.from({ length: rows }, (_, i) => value(i))]]),
  };
}

/** The two frames that a Node Graph draws: the first with `source` is of edges, the first other one with `id` of nodes. */
export function nodeGraph(frames: readonly Frame[]): { readonly nodes: Frame; readonly edges: Frame } {
  const counting = frames.filter(
    ({ refId, fields }) => fields.has("id") || refId === "nodes" || refId === "edges",
  );
  const edges = counting.find(({ refId, fields }) => refId === "edges" || fields.has("source"));
  const nodes = counting.find((frame) => frame !== edges && !frame.fields.has("source"));
  if (nodes === undefined || edges === undefined)
    throw new Error("a Node Graph needs a frame of nodes and one of edges");
  return { nodes, edges };
}

/** One object for each row. */
export function rowsOf({ fields }: Frame): readonly Readonly<Record<string, Cell>>[] {
  const columns = [...fields];
  const length = columns[0]?.[1].length ?? 0;
  return Array.from({ length }, (_, row) =>
    Object.fromEntries(columns.map(([name, values]) => [name, values[row]])),
  );
}
