import { type Finding, keyOf } from "./check.ts";
import { CHECKS } from "./checks.ts";
import { COLLECTOR_MUTANTS } from "./mutants/collector-mutants.ts";
import { DASHBOARD_MUTANTS } from "./mutants/dashboard-mutants.ts";
import { DEPLOY_MUTANTS } from "./mutants/deploy-mutants.ts";
import type { Mutant } from "./mutants/mutant.ts";
import { RULE_MUTANTS } from "./mutants/rule-mutants.ts";
import { runCheck } from "./run-checks.ts";
import type { Shipped } from "./shipped.ts";
import type { Tools } from "./tools/tools.ts";

export const MUTANTS: readonly Mutant[] = [
  ...DASHBOARD_MUTANTS,
  ...RULE_MUTANTS,
  ...COLLECTOR_MUTANTS,
  ...DEPLOY_MUTANTS,
];

export interface Fate {
  readonly mutant: Mutant;
  /** `unchanged`: there was nothing to plant it into, so that it proves nothing. */
  readonly fate: "caught" | "survived" | "unchanged";
  /** The first finding that the fault alone brings. */
  readonly finding?: Finding;
  readonly seconds: number;
}

/** Plants one fault, and runs the check that must find it. What that check finds without the fault does not count. */
export async function tryMutant(
  mutant: Mutant,
  shipped: Shipped,
  tools: Tools,
  found: ReadonlySet<string>,
): Promise<Fate> {
  const planted = mutant.plant(shipped);
  const changed =
    [...planted].some(([path, text]) => shipped.get(path) !== text) || planted.size !== shipped.size;
  if (!changed) return { mutant, fate: "unchanged", seconds: 0 };
  const { findings, seconds } = await runCheck(checkNamed(mutant.check), planted, tools);
  const finding = findings.find((one) => !found.has(keyOf(one)));
  return finding === undefined
    ? { mutant, fate: "survived", seconds }
    : { mutant, fate: "caught", finding, seconds };
}

/** What the checks of these find in the tree as it is. */
export async function findingsWithout(
  mutants: readonly Mutant[],
  shipped: Shipped,
  tools: Tools,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const name of new Set(mutants.map(({ check }) => check))) {
    for (const one of (await runCheck(checkNamed(name), shipped, tools)).findings) found.add(keyOf(one));
  }
  return found;
}

function checkNamed(name: string) {
  const check = CHECKS.find((one) => one.name === name);
  if (check === undefined) throw new Error(`no check is called ${JSON.stringify(name)}`);
  return check;
}

/** A line for each fault: what became of it, who caught it, and what was said. */
export function tableOf(fates: readonly Fate[]): string {
  const lines = fates.map(({ mutant, fate, finding }) =>
    [
      fate === "caught" ? "caught  " : fate.toUpperCase().padEnd(8),
      mutant.fault.padEnd(52),
      mutant.check.padEnd(20),
      (finding?.what ?? "").replaceAll(/\s+/g, " ").slice(0, 90),
    ].join("  "),
  );
  const lost = fates.filter(({ fate }) => fate !== "caught").length;
  return [...lines, `${fates.length} planted faults, ${fates.length - lost} caught, ${lost} not`].join("\n");
}
