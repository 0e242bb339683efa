import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isAgentError } from "../../../src/errors/agent-error.ts";
import { apportion } from "../../../src/spend/token-budget/apportion.ts";
import { fairShares } from "../../../src/spend/token-budget/fair-shares.ts";
import { type TokenLease, tokenBudget } from "../../../src/spend/token-budget.ts";
import { MetricSources } from "../../../src/telemetry/metric-sources.ts";
import { ManualClock } from "../../../src/testing/index.ts";
import { ReferenceBudget } from "./support/reference-budget.ts";
import { seeded } from "./support/seeded.ts";

const RUNS = 2_500;
const OPERATIONS = 400;
const LEASE_MS = 50;

function fail(what: string): never {
  throw new Error(what);
}

/** A budget with a few agents, and the rules that it is held against. */
function setUp(random: (limit: number) => number) {
  const clock = new ManualClock();
  const total = 1 + random(10_000);
  const reserved = random(4) === 0 ? random(total + 1) : 0;
  const budget = tokenBudget({ total, reserved, leaseMs: LEASE_MS, clock, metrics: new MetricSources() });
  const options = Array.from({ length: 1 + random(5) }, (_, i) => ({
    priority: 1 + random(4),
    usesReserve: random(3) === 0,
    ...(random(3) === 0 && i === 0 && { share: random(11) / 10 }),
  }));
  for (const [i, each] of options.entries()) budget.register(`agent-${i}`, each);
  const { agents, totalAllocated } = budget.usage();
  const reference = new ReferenceBudget(
    options.map(({ priority, usesReserve }, i) => ({
      ...{ priority, usesReserve, used: 0, lastMs: 0 },
      allocated: agents[i]!.allocated,
    })),
    total - reserved - totalAllocated,
    reserved,
    LEASE_MS,
  );
  return { budget, reference, clock, total, leases: [] as TokenLease[] };
}

type Run = ReturnType<typeof setUp>;

function request({ budget, reference, clock, leases, total }: Run, random: (limit: number) => number): void {
  const agent = random(reference.agents.length);
  const tokens = 1 + random(random(5) === 0 ? total * 2 : Math.ceil(total / 8));
  const min = random(3) === 0 ? 1 + random(tokens) : 1;
  const expected = reference.request(agent, tokens, min, clock.monotonic());
  let granted = 0;
  try {
    const lease = budget.request(`agent-${agent}`, tokens, { min });
    granted = lease.granted;
    leases.push(lease);
  } catch (error) {
    if (!isAgentError(error)) throw error;
  }
  if (granted !== expected) fail(`granted ${granted}, by the rules ${expected}`);
}

function operate(run: Run, random: (limit: number) => number): void {
  const { reference, clock, leases } = run;
  const kind = random(10);
  const at = random(Math.max(1, leases.length));
  const lease = leases[at];
  if (kind === 0) clock.advance(random(20));
  else if (kind <= 4 || lease === undefined) request(run, random);
  else if (kind <= 7) {
    reference.expire(clock.monotonic());
    const held = reference.leases[at]!;
    const tokens = random(held.left + 1);
    reference.report(at, tokens, clock.monotonic());
    lease.report(tokens);
  } else {
    // Some of them for the second time, and some that have expired.
    lease.release();
    reference.release(at, clock.monotonic());
  }
}

function compare({ budget, reference, clock, total }: Run): void {
  reference.expire(clock.monotonic());
  const { agents, totalUsed, totalGranted, totalAllocated, reserved, overrun } = budget.usage();
  if (totalUsed + totalGranted > total) fail(`${totalUsed} used and ${totalGranted} granted of ${total}`);
  if (overrun !== 0) fail(`overrun of ${overrun}`);
  if (totalAllocated + reserved + reference.free !== total) fail("the shares do not come to the total");
  for (const [i, agent] of agents.entries()) {
    const { allocated, used } = reference.agents[i]!;
    const same =
      agent.allocated === allocated && agent.used === used && agent.granted === reference.granted(i);
    if (!same) fail(`agent ${i}: ${JSON.stringify(agent)}`);
    if (agent.remaining < 0) fail(`agent ${i} has ${agent.remaining} left`);
  }
  if (reserved !== reference.reserve) fail(`reserve ${reserved}, by the rules ${reference.reserve}`);
}

describe("a token budget under random operations", () => {
  it("never grants more than its total in a million of them, and does what the rules say", {
    timeout: 240_000,
  }, () => {
    let operations = 0;
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = seeded(seed);
        const run = setUp(random);
        for (let i = 0; i < OPERATIONS; i++) {
          operate(run, random);
          compare(run);
          operations += 1;
        }
      }),
      { numRuns: RUNS },
    );
    expect(operations).toBe(1_000_000);
  });

  it("is above its total by no more than was reported without being granted", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = seeded(seed);
        const run = setUp(random);
        let beyond = 0;
        for (let i = 0; i < 100; i++) {
          beyond += operateFreely(run, random);
          compareFreely(run, beyond);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

/** As callers are: also reports what was never granted. @returns How much of that. */
function operateFreely({ budget, total, leases }: Run, random: (limit: number) => number): number {
  const kind = random(4);
  const lease = leases[random(Math.max(1, leases.length))];
  if (kind <= 1 || lease === undefined) {
    const { totalUsed, totalGranted, agents } = budget.usage();
    try {
      leases.push(budget.request(`agent-${random(agents.length)}`, 1 + random(total)));
    } catch (error) {
      if (!isAgentError(error)) throw error;
      return 0;
    }
    if (leases.at(-1)!.granted > total - totalUsed - totalGranted) fail("granted what was not there");
    return 0;
  }
  if (kind === 2) {
    lease.release();
    return 0;
  }
  const tokens = random(total);
  const beyond = Math.max(0, tokens - lease.remaining);
  lease.report(tokens);
  return beyond;
}

function compareFreely({ budget, total }: Run, beyond: number): void {
  const { totalUsed, totalGranted, overrun, agents } = budget.usage();
  const over = Math.max(0, totalUsed + totalGranted - total);
  if (over !== overrun) fail(`${over} above the total, ${overrun} told`);
  if (over > beyond) fail(`${over} above the total, only ${beyond} reported beyond a grant`);
  if (agents.some(({ remaining }) => remaining < 0)) fail("a rest below 0");
  if (over > 0 && budget.available("agent-0") > 0) fail("something left beside an overrun");
}

/** Small ones too, so that shares are often whole already, and must stay as they are. */
const weight = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 100_000 }));
const weights = fc.array(weight, { minLength: 1, maxLength: 50 });
const totals = fc.oneof(fc.nat(100), fc.integer({ min: 0, max: 1e12 }));

describe("weighted shares", () => {
  it("are less than one token away from the exact ones, and add up", () => {
    fc.assert(
      fc.property(weights, totals, (parts, total) => {
        const shares = apportion(total, parts);
        const sum = parts.reduce((a, b) => a + BigInt(b), 0n);
        expect(shares.reduce((a, b) => a + b, 0)).toBe(total);
        for (const [i, share] of shares.entries()) {
          const error = BigInt(share) * sum - BigInt(total) * BigInt(parts[i]!);
          expect(error < sum && error > -sum).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("leave everyone what it has, and share the rest evenly by weight among the others", () => {
    const claim = fc.record({
      weight: fc.integer({ min: 1, max: 100 }),
      floor: fc.integer({ min: 0, max: 1_000 }),
    });
    fc.assert(
      fc.property(fc.array(claim, { minLength: 1, maxLength: 12 }), fc.nat(20_000), (claims, spare) => {
        const total = spare + claims.reduce((sum, { floor }) => sum + floor, 0);
        const shares = fairShares(total, claims);
        expect(shares.reduce((a, b) => a + b, 0)).toBe(total);
        for (const [i, share] of shares.entries()) expect(share).toBeGreaterThanOrEqual(claims[i]!.floor);
        // Max-min: who has more than its floor has no more for its weight than any other.
        for (const [i, { weight, floor }] of claims.entries()) {
          if (shares[i]! <= floor + 1) continue;
          for (const [j, other] of claims.entries()) {
            expect((shares[i]! - 1) / weight).toBeLessThanOrEqual((shares[j]! + 1) / other.weight);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
