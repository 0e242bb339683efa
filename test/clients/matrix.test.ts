import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { actualCell, expectedCell, promiseOf } from "./check-cell.ts";
import { CLIENTS, clientProgram } from "./client-copies.ts";
import { MatrixTable } from "./matrix-table.ts";
import { oldNode } from "./node-22.ts";
import { casesOf } from "./program/cases.ts";
import { type Ran, runClientProgram } from "./run-program.ts";

const old = oldNode();
const NODES = [
  { label: `Node ${old.version}`, path: old.path },
  { label: `Node ${process.versions.node.split(".")[0]}`, path: process.execPath },
];
const MODULES = [
  { system: "ESM", file: "esm" },
  { system: "CommonJS", file: "commonjs" },
] as const;

const table = new MatrixTable();
if (old.missing !== undefined) table.note(`Node ${old.version} is SKIPPED: ${old.missing}`);
afterAll(() => console.log(`\n${table}\n`));

const rows = CLIENTS.flatMap((client) =>
  MODULES.flatMap((module) =>
    NODES.map((node) => ({ client, module, node, name: `${client.label}, ${module.system}, ${node.label}` })),
  ),
);

type Row = (typeof rows)[number];
type Pair = readonly [watched: Ran, untouched: Ran];

const pairs = new Map<Row, Promise<Pair>>();

/** One program plays all cases of a row in turn, once with us and once without. */
function start(row: Row | undefined): Promise<Pair> | undefined {
  const path = row?.node.path;
  if (row === undefined || path === undefined) return undefined;
  const known = pairs.get(row);
  if (known !== undefined) return known;
  const program = clientProgram(row.client)[row.module.file];
  const pair = Promise.all([
    runClientProgram(path, program, true),
    runClientProgram(path, program, false),
  ] as const);
  // The row itself tells.
  pair.catch(() => undefined);
  pairs.set(row, pair);
  return pair;
}

describe.each(rows.map((row) => [row.name, row] as const))("%s", (_, row) => {
  const cases = casesOf(row.client.packageName);
  const titled = cases.map((one) => [`${one.id}: ${promiseOf(one)}`, one] as const);
  if (row.node.path === undefined) {
    it.skip.each(titled)("%s", () => {});
    for (const one of cases) table.mark(row.name, one, "skipped");
    return;
  }
  let watched: Ran;
  let untouched: Ran;

  beforeAll(async () => {
    for (const one of cases) table.mark(row.name, one, "failed");
    const pair = start(row);
    // Programs wait more than they work, so the next row begins as well.
    start(rows[rows.indexOf(row) + 1]);
    [watched, untouched] = await pair!;
  }, 120_000);

  it.each(titled)("%s", (_, one) => {
    expect(actualCell(one, watched, untouched)).toEqual(expectedCell(one, untouched));
    table.mark(row.name, one, "ok");
  });

  it("makes no span beside those", () => {
    expect(watched.spans.map(({ name }) => name).sort()).toEqual(
      cases.map(({ id, api }) => `${api.operation} ${id}`).sort(),
    );
  });
});
