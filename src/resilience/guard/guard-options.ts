import { checkName } from "../../internal/check-name.ts";
import { checkWhole } from "../../internal/check-number.ts";
import { type Clock, systemClock } from "../../internal/clock.ts";
import type { Ledger } from "../../stores/ledger/ledger.ts";
import type { MetricSources } from "../../telemetry/metric-sources.ts";

/** What tells one run of a graph from another: an id, or an object that lives as long as the run. */
export type RunKey = string | object | undefined;

/** All have defaults. */
export interface CascadeGuardOptions {
  /** Shows up in the ledger. @default "guard" */
  readonly name?: string;
  /**
   * Milliseconds for which readers of a bad field get null. From then on they get the last good version, or null where there is none;
   * the bad value they never get. @default 300_000
   */
  readonly quarantineTtlMs?: number;
  /** Whether what was made from a bad version is bad as well. @default true */
  readonly taint?: boolean;
  /**
   * Tells the runs apart, from the arguments of a node. Runs of one id share their state. @default the `thread_id` of LangGraph, else
   * the run of its graph; for all else one run, in which every field that one request has lost is lost to all
   */
  readonly runOf?: (...args: readonly unknown[]) => RunKey;
  /** Most runs with an id that are kept. @default 1_000 */
  readonly maxRuns?: number;
  /** Most fields of a run that are kept apart, 1 to 10,000; those beyond are good or bad together. @default 256 */
  readonly maxFields?: number;
  /** Most versions of a field that a run remembers, with their values, 2 to 1,000. @default 8 */
  readonly maxVersions?: number;
  /** Keeps what was quarantined and released. What goes wrong with it is its own business, and never a node's. */
  readonly ledger?: Pick<Ledger, "record">;
  /** Where the guard tells its metrics. @default those of this process */
  readonly metrics?: MetricSources;
  readonly clock?: Clock;
}

export type CheckedGuardOptions = Required<
  Pick<
    CascadeGuardOptions,
    "name" | "quarantineTtlMs" | "taint" | "maxRuns" | "maxFields" | "maxVersions" | "clock"
  >
>;

/** @throws TypeError or RangeError that names the option, what it allows and the value. */
export function checkGuardOptions(options: CascadeGuardOptions): CheckedGuardOptions {
  const { name = "guard", quarantineTtlMs = 300_000, taint = true, clock = systemClock } = options;
  const { maxRuns = 1_000, maxFields = 256, maxVersions = 8, runOf, ledger } = options;
  checkName("cascadeGuard", name);
  checkWhole("cascadeGuard: quarantineTtlMs", quarantineTtlMs, 1);
  checkWhole("cascadeGuard: maxRuns", maxRuns, 1, 1_000_000);
  checkWhole("cascadeGuard: maxFields", maxFields, 1, 10_000);
  checkWhole("cascadeGuard: maxVersions", maxVersions, 2, 1_000);
  if (typeof taint !== "boolean")
    throw new TypeError(`cascadeGuard: taint must be a boolean, got ${String(taint)}`);
  if (runOf !== undefined && typeof runOf !== "function")
    throw new TypeError(`cascadeGuard: runOf must be a function, got ${String(runOf)}`);
  if (ledger !== undefined && typeof ledger?.record !== "function")
    throw new TypeError("cascadeGuard: ledger must be a ledger, with a function record");
  return { name, quarantineTtlMs, taint, maxRuns, maxFields, maxVersions, clock };
}
