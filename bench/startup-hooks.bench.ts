// What our loader hooks cost a program that loads two clients and two loggers: CPU time of the whole process until it exits,
// with the hooks and without; fresh processes in turn.
import { type Claim, report } from "./claims.ts";
import { median } from "./harness.ts";
import { type Cost, startOnce } from "./start-once.ts";

const ROUNDS = 15;
const MOST = 1.1;
const PROGRAM = "service.mjs";

const withHooks: Cost[] = [];
const without: Cost[] = [];
// The first round fills the file cache.
for (let round = -1; round < ROUNDS; round++) {
  const costs = [await startOnce(PROGRAM, "startup/hooks.mjs"), await startOnce(PROGRAM, undefined)] as const;
  if (round < 0) continue;
  withHooks.push(costs[0]);
  without.push(costs[1]);
}

report("startup-hooks: CPU time of a program that loads openai, @anthropic-ai/sdk, pino and winston", [
  {
    claim: "with hooks against without",
    bound: MOST,
    measured: median(withHooks.map(({ cpuMs }, round) => cpuMs / (without[round]?.cpuMs ?? Number.NaN))),
    unit: "×",
  },
  published("with hooks", withHooks),
  published("without", without),
]);

function published(claim: string, costs: readonly Cost[]): Claim {
  const wall = Math.round(median(costs.map(({ wallMs }) => wallMs)));
  return { claim, measured: median(costs.map(({ cpuMs }) => cpuMs)), unit: "ms", note: `wall ${wall} ms` };
}
