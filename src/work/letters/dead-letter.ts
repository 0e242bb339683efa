import { DeadLetterDamagedError } from "../../errors/dead-letter-damaged-error.ts";
import { isPlainObject, parseJson } from "../../internal/plain-json.ts";
import type { LetterRecord } from "../../stores/letters/dead-letter-store.ts";
import { type LetterFailure, readHistory } from "./letter-failure.ts";

/** What is known by name; a program may have reasons of its own. */
export type DeadLetterReason =
  | "max_attempts"
  | "non_retryable"
  | "timeout"
  | "expired"
  | "closed"
  | "poison"
  | "undeliverable"
  | (string & {});

/** A task that was given up. A copy: changing it changes nothing. */
export interface DeadLetter {
  readonly id: string;
  readonly queue: string;
  readonly taskType: string;
  readonly reason: DeadLetterReason;
  readonly agent: string | undefined;
  /** Plain JSON. */
  readonly payload: unknown;
  readonly context: Readonly<Record<string, unknown>>;
  /** Of the last attempt. */
  readonly error: LetterFailure;
  /** Earlier errors of replays and of the task itself, the oldest first; the last 20. */
  readonly history: readonly LetterFailure[];
  /** In all, replays included. */
  readonly attempts: number;
  readonly replays: number;
  /** Where it was given up. */
  readonly trace: { readonly traceId: string; readonly spanId: string } | undefined;
  readonly firstAttemptAt: Date;
  readonly lastAttemptAt: Date;
  readonly enteredAt: Date;
  readonly resolved: boolean;
  readonly resolution: string | undefined;
  readonly resolvedAt: Date | undefined;
  /** When a replay was asked for that nobody has done yet. */
  readonly replayRequestedAt: Date | undefined;
}

/** @throws DeadLetterDamagedError where somebody else has written it. */
export function letterOf(record: LetterRecord): DeadLetter {
  const { queue, id } = record;
  try {
    const context = parseJson("context", record.context);
    if (!isPlainObject(context)) throw new TypeError("context must be an object");
    const lastAttemptAt = new Date(record.lastAttemptMs);
    return {
      id,
      queue,
      taskType: record.taskType,
      reason: record.reason,
      agent: record.agent,
      payload: parseJson("payload", record.payload),
      context,
      error: { type: record.errorType, message: record.errorMessage, at: lastAttemptAt },
      history: readHistory(record.history),
      attempts: record.attempts,
      replays: record.replays,
      trace: traceOf(record.trace),
      firstAttemptAt: new Date(record.firstAttemptMs),
      lastAttemptAt,
      enteredAt: new Date(record.enteredMs),
      resolved: record.resolvedMs > 0,
      resolution: record.resolution,
      resolvedAt: whenSet(record.resolvedMs),
      replayRequestedAt: whenSet(record.replayRequestedMs),
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DeadLetterDamagedError(queue, id, reason, undefined, error);
  }
}

/** 0: it was not. */
function whenSet(ms: number): Date | undefined {
  return ms > 0 ? new Date(ms) : undefined;
}

const TRACE = /^([0-9a-f]{32})-([0-9a-f]{16})$/;

function traceOf(text: string | undefined): DeadLetter["trace"] {
  const [, traceId, spanId] = TRACE.exec(text ?? "") ?? [];
  return traceId === undefined || spanId === undefined ? undefined : { traceId, spanId };
}
