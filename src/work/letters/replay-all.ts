import { isAgentError } from "../../errors/agent-error.ts";
import { checkBetween } from "../../internal/check-number.ts";
import { pause } from "../../internal/pause.ts";
import type { DeadLetter } from "./dead-letter.ts";
import type { DeadLetterSettings } from "./letter-options.ts";
import type { ReplayHandler, ReplayOptions, ReplayResult } from "./replay.ts";

export interface ReplayAllOptions extends ReplayOptions {
  readonly handler: ReplayHandler;
  /** @default all task types */
  readonly taskType?: string;
  /** Letters at most, 1 to 10,000. @default 50 */
  readonly limit?: number;
  /** Replays begun in a second at most, up to 1,000. @default one after the other without a pause */
  readonly ratePerSecond?: number;
  /** Only says which letters it would be. @default false */
  readonly dryRun?: boolean;
}

export interface ReplayedLetter {
  readonly id: string;
  readonly taskType: string;
  /** `skipped`: somebody else replays it, or has resolved it; `would_replay`: of a dry run. */
  readonly outcome: "succeeded" | "failed" | "skipped" | "would_replay";
  /** Of the handler, or why it was skipped. */
  readonly error?: unknown;
}

export interface ReplayReport {
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
  /** In the order in which they were replayed. */
  readonly letters: readonly ReplayedLetter[];
  /** Whether the signal ended it before all of them were done. */
  readonly aborted: boolean;
}

const SKIPPED: ReadonlySet<string> = new Set([
  "dead_letter_held",
  "dead_letter_resolved",
  "dead_letter_exhausted",
  "dead_letter_damaged",
  "unknown_dead_letter",
]);

/** One after the other: each has its own claim, so that several may do this at once. */
export async function replayEach(
  letters: readonly DeadLetter[],
  replay: (letter: DeadLetter) => Promise<ReplayResult>,
  { ratePerSecond, signal, dryRun = false }: ReplayAllOptions,
  { clock, after }: DeadLetterSettings,
): Promise<ReplayReport> {
  const done: ReplayedLetter[] = [];
  const everyMs = ratePerSecond === undefined ? 0 : 1_000 / ratePerSecond;
  let nextMs = clock.monotonic();
  for (const letter of letters) {
    const { id, taskType } = letter;
    if (dryRun) {
      done.push({ id, taskType, outcome: "would_replay" });
      continue;
    }
    try {
      const leftMs = Math.ceil(nextMs - clock.monotonic());
      if (leftMs > 0) await pause(leftMs, signal, after);
      signal?.throwIfAborted();
      nextMs = Math.max(nextMs, clock.monotonic()) + everyMs;
      const result = await replay(letter);
      done.push(
        result.ok
          ? { id, taskType, outcome: "succeeded" }
          : { id, taskType, outcome: "failed", error: result.error },
      );
    } catch (error) {
      if (signal?.aborted) return reportOf(done, true);
      if (!isAgentError(error) || !SKIPPED.has(error.code)) throw error;
      done.push({ id, taskType, outcome: "skipped", error });
    }
  }
  return reportOf(done, false);
}

/** @throws RangeError. */
export function checkRatePerSecond(rate: number | undefined): void {
  if (rate !== undefined) checkBetween("deadLetterQueue: ratePerSecond", rate, 0.000_1, 1_000);
}

function reportOf(letters: readonly ReplayedLetter[], aborted: boolean): ReplayReport {
  const many = (outcome: ReplayedLetter["outcome"]) =>
    letters.filter((each) => each.outcome === outcome).length;
  return { succeeded: many("succeeded"), failed: many("failed"), skipped: many("skipped"), letters, aborted };
}
