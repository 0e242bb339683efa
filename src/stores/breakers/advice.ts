import type { Instance } from "./breaker-driver.ts";

/** Of those alive, how many may be told that others have opened. */
const MOST_TOLD = 0.5;

/**
 * How long a breaker is to be quicker to open, because others of its name have opened.
 *
 * At most half of the living, and at least one, are told: those with the lowest ids among the ones that are not open. Ids are random,
 * and everybody sees the same ones, so nobody has to agree with anybody. The other half keeps judging by what it sees itself, so one
 * instance whose network is broken cannot even make them all nervous.
 *
 * @returns Milliseconds; 0 where it is not told.
 */
export function adviceMs(instances: readonly Instance[], instance: string): number {
  const openMs = instances.reduce((most, one) => Math.max(most, one.openMs), 0);
  if (openMs === 0) return 0;
  const calm = instances.filter((one) => one.openMs === 0).map((one) => one.instance);
  if (!calm.includes(instance)) return 0;
  const rank = calm.filter((other) => other < instance).length;
  // One is open and one is calm, so it is one at least.
  return rank < Math.floor(instances.length * MOST_TOLD) ? openMs : 0;
}
