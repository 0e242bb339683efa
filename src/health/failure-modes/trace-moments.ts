import { isModelOperation } from "../../agent/call-record.ts";
import type { RunNote } from "../../agent/run-watch.ts";
import * as names from "../../telemetry/semconv.ts";
import type { TraceSpan } from "../../telemetry/trace-span.ts";
import { isWork } from "./step.ts";
import { type TraceCall, TraceCalls } from "./trace-calls.ts";

/** Something that happened to a call, or that an agent or workflow said. */
export interface Moment {
  readonly ns: bigint;
  readonly call: TraceCall;
  readonly what: "begin" | "end" | RunNote;
}

const NOTES: ReadonlyMap<string, RunNote> = new Map([
  [names.EVENT_GOAL_MET, "goal_met"],
  [names.EVENT_PROGRESS, "progress"],
  [names.EVENT_MEMORY_COMPACTION, "compaction"],
]);

/**
 * SDKs start spans by a clock of milliseconds and measure how long they take by a finer one, so what followed one another may seem to have
 * overlapped by this much.
 */
const BLUR_NS = 1_000_000n;

/** What happened in one trace, in the order in which it did. Calls that have not ended only begin. */
export function momentsOf(spans: readonly TraceSpan[]): readonly Moment[] {
  const calls = new TraceCalls(spans);
  const moments: Moment[] = [];
  const notes: Moment[] = [];
  for (const span of calls.spans) {
    const call = calls.of(span);
    if (call !== undefined) moments.push(...lifeOf(call));
    for (const event of span.events) {
      const what = NOTES.get(event.name);
      const at = what && calls.around(span);
      if (what !== undefined && at !== undefined) notes.push({ ns: event.timeNs, call: at, what });
    }
  }
  return [...moments, ...withGoals(notes, moments)].sort(inOrder);
}

function lifeOf(call: TraceCall): readonly Moment[] {
  const { span } = call;
  const endNs = endOf(call);
  const end: readonly Moment[] = endNs === undefined ? [] : [{ ns: endNs, call, what: "end" }];
  return isReport(span) ? end : [{ ns: span.startNs, call, what: "begin" }, ...end];
}

/** A call ends before the next one begins, and an agent after its calls, whatever the blur says. */
function endOf(call: TraceCall): bigint | undefined {
  const { endNs, startNs } = call.span;
  if (endNs === undefined) return undefined;
  if (!isWork(call.facts)) return later(startNs, endNs - BLUR_NS);
  const around = call.parent && endOf(call.parent);
  return around !== undefined && endNs > around && endNs - around <= 2n * BLUR_NS ? around : endNs;
}

/** Only the first goal of a run counts. It is met as soon as the calls before it have ended. */
function withGoals(notes: readonly Moment[], moments: readonly Moment[]): readonly Moment[] {
  const met = new Set<TraceCall>();
  return notes.toSorted(inOrder).flatMap((note) => {
    if (note.what !== "goal_met") return [note];
    if (met.has(note.call.root)) return [];
    met.add(note.call.root);
    let ns = later(note.call.span.startNs, note.ns - BLUR_NS);
    for (const { call, what } of moments) {
      const { startNs, endNs } = call.span;
      const wasBefore = endNs !== undefined && endNs <= note.ns && call.root === note.call.root;
      if (what === "begin" && wasBefore) ns = later(ns, startNs);
    }
    return [{ ...note, ns }];
  });
}

function later(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}

/** A model call that was only reported when it was over says nothing of when it began. */
function isReport(span: TraceSpan): boolean {
  return span.startNs === span.endNs && isModelOperation(span.attributes[names.ATTR_OPERATION]);
}

/**
 * At one moment what is over ends before anything begins, inner calls first. A call that ends in the moment in which it begins is over
 * before the next one of its agent.
 */
function inOrder(one: Moment, other: Moment): number {
  if (one.ns !== other.ns) return one.ns < other.ns ? -1 : 1;
  const rank = rankOf(one) - rankOf(other);
  if (rank !== 0) return rank;
  const deeper = one.call.depth - other.call.depth;
  if (one.what === "end" && isWork(one.call.facts)) return -deeper;
  if (deeper !== 0 || rankOf(one) !== BEGINS) return deeper;
  if (one.call === other.call) return one.what === "end" ? 1 : -1;
  return orderOf(one) < orderOf(other) ? -1 : 1;
}

const [ENDS, BEGINS, SAYS, ENDS_AT_ONCE] = [0, 1, 2, 3];

function rankOf({ what, call, ns }: Moment): number {
  if (what === "begin") return BEGINS;
  if (what !== "end") return SAYS;
  if (ns !== call.span.startNs) return ENDS;
  return isWork(call.facts) ? ENDS_AT_ONCE : BEGINS;
}

/** Of calls that began in the same moment the one that ended first was first. */
function orderOf({ call }: Moment): string {
  const { endNs, spanId } = call.span;
  return `${endNs === undefined ? 1 : 0}${String(endNs ?? 0n).padStart(24, "0")}${spanId}`;
}
