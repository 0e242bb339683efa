import { type CascadeGuard, cascadeGuard } from "../../../src/resilience/guard/cascade-guard.ts";
import type { CascadeGuardOptions } from "../../../src/resilience/guard/guard-options.ts";
import type { ProtectNodeOptions } from "../../../src/resilience/guard/node-options.ts";
import { MetricSources } from "../../../src/telemetry/metric-sources.ts";
import { ManualClock } from "../../../src/testing/index.ts";

export const TTL = 300_000;
export const boom = new Error("boom");

export type State = Record<string, unknown>;

export function setUp(options: CascadeGuardOptions = {}) {
  const clock = new ManualClock();
  const metrics = new MetricSources();
  const guard = cascadeGuard({ clock, metrics, ...options });
  return { clock, metrics, guard };
}

/** A node that writes one field, or fails. */
export function writer(guard: CascadeGuard, field: string, more: ProtectNodeOptions = {}) {
  const options = { quarantineOnFailure: [field], readsFrom: [], ...more };
  return guard.protectNode(`writes_${field}`, options, (state: State, value: unknown): State => {
    if (value instanceof Error) throw value;
    return { ...state, [field]: value };
  });
}

/** A node that makes one field from another one, and shows what it got. */
export function link(guard: CascadeGuard, from: string, to: string) {
  const seen: unknown[] = [];
  const options = { readsFrom: [from] };
  const node = guard.protectNode(`${from}_to_${to}`, options, (state: State): State => {
    seen.push(state[from]);
    return { ...state, [to]: `made from ${JSON.stringify(state[from])}` };
  });
  return { node, seen };
}

export function failing(node: (state: State, value: unknown) => State, state: State): State {
  try {
    return node(state, boom);
  } catch {
    return state;
  }
}
