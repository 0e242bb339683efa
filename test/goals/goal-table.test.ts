import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../contract/source-files.ts";
import { OPERATION_ROWS } from "./operation-rows.ts";
import { TELEMETRY_ROWS } from "./telemetry-rows.ts";

// The table of what the package is to do. Each row has tests that prove it, or a place in docs/limits.md that says what is missing.

const ROWS = [...TELEMETRY_ROWS, ...OPERATION_ROWS];
const HEADINGS = new Set(
  [...readFileSync(join(root, "docs/limits.md"), "utf8").matchAll(/^#{2,3} (.+)$/gm)].map(
    ([, heading]) => heading,
  ),
);

it("has rows 1 to 46, each once", () => {
  expect(ROWS.map(({ row }) => row)).toEqual(Array.from({ length: 46 }, (_, index) => index + 1));
});

describe.each(ROWS.map((row) => [`${row.row}: ${row.goal}`, row] as const))("%s", (_, row) => {
  const { proofs = {}, limits = [], awaited = [] } = row;

  it("is proven, said not to be done, or awaited", () => {
    expect(Object.keys(proofs).length + limits.length + awaited.length).toBeGreaterThan(0);
  });

  it.each(Object.entries(proofs))("is proven in %s, by tests that are there", (file, titles) => {
    expect(existsSync(join(root, file)), file).toBe(true);
    const text = readFileSync(join(root, file), "utf8");
    expect(titles.length).toBeGreaterThan(0);
    expect(titles.filter((title) => !text.includes(title))).toEqual([]);
  });

  it.each(limits)("has its limit in docs/limits.md: %s", (heading) => {
    expect([...HEADINGS]).toContain(heading);
  });

  for (const file of awaited) it.todo(`is proven in ${file}, which is awaited`);
});
