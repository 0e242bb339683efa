// One function behind a breaker of each library, set up alike: opens after failures in a row where it can, closed all the time here.
import { createRequire } from "node:module";
import {
  ConsecutiveBreaker,
  circuitBreaker as cockatielBreaker,
  handleAll,
  TimeoutStrategy,
  timeout,
  wrap,
} from "cockatiel";
import { BreakerRegistry } from "../../src/resilience/breaker-registry.ts";
import { circuitBreaker } from "../../src/resilience/circuit-breaker.ts";
import type { Case } from "../harness.ts";

export type Work = (signal: AbortSignal) => Promise<unknown>;

export const LIBRARIES = ["ours", "cockatiel", "cockatielNoAbort", "opossum"] as const;
export type Library = (typeof LIBRARIES)[number];

export const LIBRARY_NAMES: Readonly<Record<Library, string>> = {
  ours: "agent-otel",
  cockatiel: "cockatiel 4",
  cockatielNoAbort: "cockatiel 4 with abortOnReturn: false",
  opossum: "opossum 10",
};

interface Opossum {
  fire(): Promise<unknown>;
  open(): void;
}

const OpossumBreaker = createRequire(import.meta.url)("opossum") as new (
  fn: () => Promise<unknown>,
  options: object,
) => Opossum;

/** Long enough that nothing times out. */
const TIMEOUT_MS = 30_000;

/** A protected function, and a way to have it refused. */
export interface Protected {
  readonly call: Case;
  readonly open: () => void;
}

export function protectedBy(library: Library, work: Work, withTimeout: boolean): Protected {
  if (library === "ours") return byOurs(work, withTimeout);
  if (library === "opossum") return byOpossum(work, withTimeout);
  return byCockatiel(work, withTimeout, library === "cockatiel");
}

function byOurs(work: Work, withTimeout: boolean): Protected {
  const breaker = circuitBreaker({
    name: "bench",
    registry: new BreakerRegistry(),
    ...(withTimeout && { callTimeoutMs: TIMEOUT_MS }),
  });
  return { call: () => breaker.execute(work), open: () => breaker.forceOpen() };
}

/** Cooperative, its cheaper way: the other one rejects by itself when the time is over, as ours does. */
function byCockatiel(work: Work, withTimeout: boolean, abortOnReturn: boolean): Protected {
  const breaker = cockatielBreaker(handleAll, { halfOpenAfter: 30_000, breaker: new ConsecutiveBreaker(5) });
  const open = (): void => void breaker.isolate();
  if (!withTimeout) return { call: () => breaker.execute(({ signal }) => work(signal)), open };
  const limit = timeout(TIMEOUT_MS, { strategy: TimeoutStrategy.Cooperative, abortOnReturn });
  const policy = wrap(breaker, limit);
  return { call: () => policy.execute(({ signal }) => work(signal)), open };
}

/** It has no signal for each call. */
function byOpossum(work: Work, withTimeout: boolean): Protected {
  const breaker = new OpossumBreaker(work as () => Promise<unknown>, { timeout: withTimeout && TIMEOUT_MS });
  return { call: () => breaker.fire(), open: () => breaker.open() };
}
