import { isSpanContextValid, type SpanContext, trace } from "@opentelemetry/api";
import { currentAgent } from "../../agent/current-agent.ts";
import { checkKey, keyHash } from "../../internal/check-key.ts";
import { checkWhole } from "../../internal/check-number.ts";
import { randomBytes } from "../../internal/late-builtins.ts";
import { isPlainObject, jsonText } from "../../internal/plain-json.ts";
import { cutText } from "../../internal/redact.ts";
import { reportFailure } from "../../internal/warn-once.ts";
import { plainText } from "../../stores/ledger/plain-text.ts";
import type { NewLetter } from "../../stores/letters/dead-letter-store.ts";
import type { DeadLetterReason } from "./dead-letter.ts";
import { failureOf } from "./letter-failure.ts";
import { checkLabel } from "./letter-options.ts";

/** A task that is given up. */
export interface DeadLetterInput {
  /** A metric label: 1 to 128 characters, fixed, never an id. */
  readonly taskType: string;
  /** What the task was given: plain JSON of up to 1 MiB. It is stored as it is, secrets included. */
  readonly payload: unknown;
  /** What was thrown; type and redacted message of it are kept. */
  readonly error: unknown;
  /** @default the agent at work, if any */
  readonly agent?: string;
  /** How often it was tried; 0 where it never was. */
  readonly attempts: number;
  /** Milliseconds since the epoch where it is a number. @default now */
  readonly firstAttemptAt?: Date | number;
  /** A plain JSON object of up to 256 KiB, for whoever looks at the letter. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** A metric label. @default "max_attempts" */
  readonly reason?: DeadLetterReason;
  /**
   * Names the task, as the id of its message: a second letter with it is the first one, also after a crash and as long as that one is kept,
   * resolved or not.
   */
  readonly key?: string;
}

const CONTEXT_BYTES = 262_144;
const LONGEST_AGENT = 256;
/** Beyond, a Date has no text. */
const LAST_MS = 8_640_000_000_000_000;

/** @throws TypeError or RangeError that names the field, or the path in it, and the value. */
export function newLetter(queue: string, input: DeadLetterInput, nowMs: number): NewLetter {
  const { taskType, error, attempts, reason = "max_attempts", context = {}, key } = input;
  checkLabel("deadLetterQueue: taskType", taskType);
  checkLabel("deadLetterQueue: reason", reason);
  const payload = jsonText("deadLetterQueue: payload", input.payload);
  if (!isPlainObject(context))
    throw new TypeError(`deadLetterQueue: context must be a plain object, got ${typeof context}`);
  const { type, message } = failureOf(error, new Date(nowMs));
  return {
    queue,
    id: key === undefined ? `dl-${randomBytes(10).toString("hex")}` : idOfKey(key),
    taskType,
    reason,
    agent: agentOf(input.agent),
    payload,
    context: jsonText("deadLetterQueue: context", context, { maxBytes: CONTEXT_BYTES }),
    errorType: type,
    errorMessage: message,
    history: "[]",
    attempts: checkWhole("deadLetterQueue: attempts", attempts, 0, 1_000_000_000),
    trace: traceOf(activeSpan()),
    firstAttemptMs: timeOf(input.firstAttemptAt, nowMs),
    lastAttemptMs: nowMs,
    enteredMs: nowMs,
  };
}

function idOfKey(key: string): string {
  checkKey("deadLetterQueue: key", key);
  return `dl-${keyHash(key).slice(0, 40)}`;
}

function agentOf(agent: unknown = currentAgent()?.name): string | undefined {
  if (agent === undefined) return undefined;
  if (typeof agent !== "string" || agent === "")
    throw new TypeError(
      `deadLetterQueue: agent must be a name, got ${agent === "" ? "an empty one" : typeof agent}`,
    );
  return cutText(plainText(agent), LONGEST_AGENT);
}

function timeOf(at: unknown, nowMs: number): number {
  if (at === undefined) return nowMs;
  const ms = at instanceof Date ? at.getTime() : at;
  if (typeof ms === "number" && ms >= 0 && ms <= LAST_MS) return Math.trunc(ms);
  throw new RangeError(
    `deadLetterQueue: firstAttemptAt must be a Date or milliseconds since the epoch, got ${String(at)}`,
  );
}

function activeSpan(): SpanContext | undefined {
  try {
    return trace.getActiveSpan()?.spanContext();
  } catch (error) {
    reportFailure("reading a span's ids", error);
    return undefined;
  }
}

function traceOf(span: SpanContext | undefined): string | undefined {
  return span !== undefined && isSpanContextValid(span) ? `${span.traceId}-${span.spanId}` : undefined;
}
