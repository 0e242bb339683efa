// How every bench measures: CPU time, not the wall clock, which doubles when the machine is busy; cases in turn within
// one process, so that what disturbs one disturbs the other; ratios, whose median stays where absolute times wander.
import { measure } from "mitata";

/** One way to do the work. Gives a promise each time, so that every case pays the same await. */
export type Case = () => Promise<unknown>;

export interface Plan {
  readonly rounds?: number;
  /** Calls between two looks at the clock. */
  readonly batch?: number;
}

/** CPU nanoseconds per call, one number for each round. */
export type Rounds = readonly number[];

const SAMPLES_A_ROUND = 3;
const WARM_UP_ROUNDS = 4;

/** Measures `cases` in turn, round after round. The first rounds warm up and do not count. */
export async function measureRounds<K extends string>(
  cases: Readonly<Record<K, Case>>,
  { rounds = 15, batch = 8_192 }: Plan = {},
): Promise<Readonly<Record<K, Rounds>>> {
  const names = Object.keys(cases) as K[];
  const measured = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    // Each other round the other way about, so that nobody always runs after the same neighbour.
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const ns = await cpuNsPerCall(cases[name], batch);
      if (round >= 0) measured[name].push(ns);
    }
  }
  return measured;
}

async function cpuNsPerCall(run: Case, batch: number): Promise<number> {
  const { p50 } = await measure(run, {
    now: cpuNs,
    // A full collection here would shrink the new space and move what lives to the old one, which no program in service does.
    gc: false,
    batch_samples: batch,
    batch_threshold: Number.POSITIVE_INFINITY,
    min_cpu_time: 0,
    min_samples: SAMPLES_A_ROUND,
    max_samples: SAMPLES_A_ROUND,
  });
  return p50;
}

/** Of all threads: garbage that a case leaves behind is its own cost. */
function cpuNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1_000;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** How many times as much as `base`: the median over the rounds. */
export function ratio(of: Rounds, base: Rounds): number {
  return median(of.map((ns, round) => ns / (base[round] ?? Number.NaN)));
}

/** How much more than `base`, in nanoseconds: the median over the rounds. */
export function overheadNs(of: Rounds, base: Rounds): number {
  return median(of.map((ns, round) => ns - (base[round] ?? Number.NaN)));
}
