import { type Check, type Finding, keyOf } from "./check.ts";
import type { Shipped } from "./shipped.ts";
import type { Tools } from "./tools/tools.ts";

export interface Outcome {
  readonly check: Check;
  readonly findings: readonly Finding[];
  readonly seconds: number;
}

/** A check that cannot be run has found something: what it should have proved is not proved. */
export async function runCheck(check: Check, shipped: Shipped, tools: Tools): Promise<Outcome> {
  const began = performance.now();
  const findings = await findingsOf(check, shipped, tools);
  return { check, findings, seconds: (performance.now() - began) / 1000 };
}

async function findingsOf(check: Check, shipped: Shipped, tools: Tools): Promise<readonly Finding[]> {
  try {
    const found = await check.run(shipped, tools);
    return [...new Map(found.map((one) => [keyOf(one), one])).values()];
  } catch (error) {
    const what = `the check ${check.name} could not be run: ${(error as Error).message}`;
    return [{ file: "-", what, mend: "mend that first" }];
  }
}
