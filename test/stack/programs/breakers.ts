// Breakers under a seeded load. Prints what they did, counted by itself, and stays until its standard input ends, so that the states of
// breakers that nobody calls any more can be looked at. Usage: node --import agent-otel/register breakers.ts SEED CALLS
import { once } from "node:events";
import {
  agent,
  type BreakerTransition,
  breakers,
  circuitBreaker,
  type Fallback,
  isAgentError,
  wrap,
} from "agent-otel";
import { add, type Counts } from "../support/ledger.ts";
import { seeded } from "../support/random.ts";

/** Keys are joined with "|". */
export interface BreakerTruth {
  /** `breaker|from|to|reason` */
  readonly transitions: Counts;
  readonly rejections: Counts;
  /** `breaker|kind|outcome` */
  readonly fallbacks: Counts;
  /** `breaker|state` */
  readonly states: Counts;
}

const NAMES = ["researcher", "writer", "reviewer", "planner"];
const random = seeded(Number(process.argv[2] ?? 1));
const calls = Number(process.argv[3] ?? 2_000);
const truth: BreakerTruth = { transitions: {}, rejections: {}, fallbacks: {}, states: {} };

const moved = (name: string) => ({
  onTransition: ({ from, to, reason }: BreakerTransition) =>
    add(truth.transitions, `${name}|${from}|${to}|${reason}`),
});

/** Has an answer every other time. */
const backup: Fallback = {
  kind: "backup",
  answer: () => (random() < 0.5 ? { value: "backup" } : undefined),
};

const guarded = NAMES.map((name) => {
  const breaker = circuitBreaker({ name, failureThreshold: 3, recoveryTimeoutMs: 5, ...moved(name) });
  const work = agent(name, async (failing: boolean) => {
    // Some take a turn of the event loop, so that others begin and end meanwhile.
    if (random() < 0.3) await new Promise((resolve) => setImmediate(resolve));
    if (failing) throw new Error("the model is overloaded");
    return "done";
  });
  const refused = (error: unknown): never => {
    if (isAgentError(error) && error.code === "circuit_open") add(truth.rejections, name);
    throw error;
  };
  // Between the breaker and the fallback, so that every refusal is seen once.
  const seen = breaker.around(work);
  return wrap()
    .onFailure(backup)
    .aroundOutcome((failing: boolean) => seen(failing).catch(refused));
});

for (let i = 0; i < calls; i++) {
  const call = guarded[Math.floor(random() * guarded.length)]!;
  const failing = random() < (Math.floor(i / 100) % 2 === 0 ? 0.7 : 0.1);
  const pending = call(failing).then(
    ({ fallback }) => fallback && add(truth.fallbacks, "|backup|answered"),
    () => add(truth.fallbacks, "|backup|empty"),
  );
  if (random() < 0.8) await pending;
  if (i % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 6));
}
await new Promise((resolve) => setImmediate(resolve));

/** Opened, and never called again: half open by now, though nothing has happened since. */
const idle = circuitBreaker({ name: "idle", failureThreshold: 1, recoveryTimeoutMs: 1, ...moved("idle") });
idle.recordFailure(new Error("once"));
const stopped = circuitBreaker({ name: "stopped", ...moved("stopped") });
stopped.forceOpen();
const off = circuitBreaker({ name: "off", ...moved("off") });
off.disable();
for (const name of NAMES) breakers.reset(name);
for (const name of NAMES) truth.states[`${name}|closed`] = 1;
Object.assign(truth.states, { "idle|half_open": 1, "stopped|forced_open": 1, "off|disabled": 1 });

console.log(JSON.stringify(truth));
process.stdin.resume();
await once(process.stdin, "end");
