import { CONTROL, course } from "./course.ts";
import type { HostKind } from "./kind.ts";
import { type HostEnd, runHost } from "./run-host.ts";
import type { Turns } from "./turns.ts";
import { MOST_ADDED_MS } from "./violations.ts";

const AGAIN = 2;

/** What a kind did, in one to three runs. */
export interface Verdict {
  readonly ends: readonly HostEnd[];
  /** Milliseconds that were added to the delay of the event loop at p99; `undefined` where nothing was measured. */
  readonly addedMs: number | undefined;
}

/** The median delay at p99 of the program without telemetry, three runs of it, two at a time as the others. */
export async function controlDelay(turns: Turns): Promise<number> {
  const one = async (): Promise<number> => {
    const release = await turns.take();
    return delayOf(await runHost(CONTROL, release)) ?? Number.NaN;
  };
  return median(await Promise.all([one(), one(), one()]));
}

/**
 * Runs a kind. Where it seems to add too much, twice more, alone with a control next to it, and the median counts: another
 * process on the machine is no delay of ours.
 */
export async function verdict(kind: HostKind, turns: Turns, controlMs: number): Promise<Verdict> {
  const first = await course(kind, await turns.take());
  const ends = [first];
  const added = [difference(delayOf(first), controlMs)];
  if (isTooMuch(added[0])) {
    for (let i = 0; i < AGAIN; i++) {
      const release = await turns.takeAll();
      const [end, control] = await Promise.all([course(kind, () => {}), runHost(CONTROL, () => {})]);
      release();
      ends.push(end);
      added.push(difference(delayOf(end), delayOf(control)));
    }
  }
  const measured = added.filter((each) => each !== undefined);
  return { ends, addedMs: measured.length === 0 ? undefined : median(measured) };
}

export function isTooMuch(addedMs: number | undefined): boolean {
  return addedMs !== undefined && addedMs > MOST_ADDED_MS;
}

function delayOf({ report }: HostEnd): number | undefined {
  return report?.delay.p99;
}

function difference(ms: number | undefined, controlMs: number | undefined): number | undefined {
  return ms === undefined || controlMs === undefined ? undefined : ms - controlMs;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
