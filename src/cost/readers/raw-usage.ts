import type { TokenUsage } from "../token-usage.ts";

/**
 * Told about each count that a reader had to drop, so that the caller can count or warn once.
 *
 * @param field The field of TokenUsage that stayed empty, or `usage` when nothing could be read.
 * @param value What the provider said. It may be anything, so print it with care.
 */
export type OnInvalid = (field: string, value: unknown) => void;

/** What a dialect says, not checked yet. `null` and `undefined` both mean "not said". */
export interface RawUsage {
  /** Cached tokens included. */
  readonly input: unknown;
  readonly output: unknown;
  readonly cacheRead?: unknown;
  /** All cache writes, whatever their life. */
  readonly cacheWrite?: unknown;
  readonly cacheWrite5m?: unknown;
  readonly cacheWrite1h?: unknown;
  readonly reasoning?: unknown;
  readonly inputAudio?: unknown;
  readonly outputAudio?: unknown;
}

/** A property of anything. A getter that throws counts as "not said": telemetry never breaks the work. */
export function property(source: unknown, name: string): unknown {
  if (typeof source !== "object" || source === null) return undefined;
  try {
    return (source as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}

/** A whole number of tokens, or `undefined` when nothing or nothing usable was said; the latter is reported. */
export function count(field: string, value: unknown, onInvalid?: OnInvalid): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  report(onInvalid, field, value);
  return undefined;
}

/**
 * Checks what a dialect said.
 *
 * @returns `undefined` without a usable `input`, or with an unusable `output`: half a usage would be priced as if the
 *   other half were free. An output that was not said is 0, as for embeddings. A part that is unusable, or larger than
 *   its whole, is left out.
 */
export function usageFrom(raw: RawUsage, onInvalid?: OnInvalid): TokenUsage | undefined {
  const input = count("input", raw.input, onInvalid);
  const output = count("output", raw.output ?? 0, onInvalid);
  if (input === undefined || output === undefined) return undefined;

  const usage: { -readonly [Field in keyof TokenUsage]: TokenUsage[Field] } = { input, output };
  const take = (field: keyof TokenUsage, value: number | undefined, room: number): number => {
    if (value === undefined) return 0;
    if (value > room) {
      report(onInvalid, field, value);
      return 0;
    }
    usage[field] = value;
    return value;
  };

  const writes = cacheWrites(raw, onInvalid);
  let uncached = input - take("cacheRead", count("cacheRead", raw.cacheRead, onInvalid), input);
  uncached -= take("cacheWrite5m", writes.fiveMinutes, uncached);
  take("cacheWrite1h", writes.oneHour, uncached);
  take("inputAudio", count("inputAudio", raw.inputAudio, onInvalid), input);
  take("reasoning", count("reasoning", raw.reasoning, onInvalid), output);
  take("outputAudio", count("outputAudio", raw.outputAudio, onInvalid), output);
  return usage;
}

/** Splits writes by life. Those of a life that the provider did not name count as five minutes. */
function cacheWrites(raw: RawUsage, onInvalid?: OnInvalid) {
  const total = count("cacheWrite", raw.cacheWrite, onInvalid);
  const oneHour = count("cacheWrite1h", raw.cacheWrite1h, onInvalid);
  if (total === undefined)
    return { fiveMinutes: count("cacheWrite5m", raw.cacheWrite5m, onInvalid), oneHour };
  if (oneHour === undefined) return { fiveMinutes: total, oneHour };
  if (oneHour > total) {
    report(onInvalid, "cacheWrite1h", oneHour);
    return { fiveMinutes: total, oneHour: undefined };
  }
  return { fiveMinutes: total - oneHour, oneHour };
}

function report(onInvalid: OnInvalid | undefined, field: string, value: unknown): void {
  try {
    onInvalid?.(field, value);
  } catch {
    // The caller's own bookkeeping failed; the call that it is about must not.
  }
}
