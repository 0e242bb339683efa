import { describe, expect, it } from "vitest";
import { type Check, keyOf } from "../../../scripts/check-shipped/check.ts";
import { CHECKS } from "../../../scripts/check-shipped/checks.ts";
import { MUTANTS, tableOf, tryMutant } from "../../../scripts/check-shipped/mutants.ts";
import { runCheck } from "../../../scripts/check-shipped/run-checks.ts";
import { board, fakeTools, treeOf } from "./examples.ts";

const tree = treeOf(board());
const lint = (plant: (text: string) => string) => ({
  fault: "planted",
  check: "dashboard-lint",
  plant: (shipped: typeof tree) => new Map([...shipped].map(([path, text]) => [path, plant(text)])),
});

describe("planted faults", () => {
  it("are of at least 20 kinds, each said in other words", () => {
    const faults = MUTANTS.map(({ fault }) => fault);
    expect(faults.length).toBeGreaterThan(20);
    expect(new Set(faults).size).toBe(faults.length);
  });

  it.each(CHECKS.map(({ name }) => name))("%s has one that it must find", (name) => {
    expect(MUTANTS.map(({ check }) => check)).toContain(name);
  });

  it.each(MUTANTS.map((mutant) => [mutant.fault, mutant] as const))(
    "%s: leaves the tree that it is given as it is",
    (_, mutant) => {
      const before = JSON.stringify([...tree]);
      mutant.plant(tree);
      expect(JSON.stringify([...tree])).toBe(before);
    },
  );

  it("are caught by what they alone bring", async () => {
    const editable = lint((text) => text.replace('"editable":false', '"editable":true'));
    const fate = await tryMutant(editable, tree, fakeTools(), new Set());
    expect(fate).toMatchObject({ fate: "caught", finding: { file: "grafana/dashboards/one.json" } });
    const known = new Set([keyOf(fate.finding!)]);
    expect(await tryMutant(editable, tree, fakeTools(), known)).toMatchObject({ fate: "survived" });
  });

  it("that change nothing prove nothing, and are told apart", async () => {
    const nothing = lint((text) => text);
    expect(await tryMutant(nothing, tree, fakeTools(), new Set())).toMatchObject({ fate: "unchanged" });
    expect(tableOf([{ mutant: nothing, fate: "unchanged", seconds: 0 }])).toMatch(
      /UNCHANGED.*\n1 planted faults, 0 caught, 1 not$/,
    );
  });
});

describe("runCheck", () => {
  const check = (run: Check["run"]): Check => ({ name: "one", holds: "it holds", run });
  const finding = { file: "a", what: "b", mend: "c" };

  it("says the same thing once", async () => {
    const { findings } = await runCheck(
      check(() => [finding, finding]),
      tree,
      fakeTools(),
    );
    expect(findings).toEqual([finding]);
  });

  it("takes a check that cannot be run for a finding", async () => {
    const broken = check(() => {
      throw new Error("no promtool");
    });
    const { findings } = await runCheck(broken, tree, fakeTools());
    expect(findings[0]!.what).toBe("the check one could not be run: no promtool");
  });
});
