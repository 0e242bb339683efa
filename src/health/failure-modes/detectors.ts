import { checkRate, checkWhole } from "../../internal/check-number.ts";
import type { Detector } from "./detector.ts";
import { type LoopOptions, loops } from "./loops.ts";
import { missingVerification } from "./missing-verification.ts";
import { type PingPongOptions, pingPong } from "./ping-pong.ts";
import { type PrematureTerminationOptions, prematureTermination } from "./premature-termination.ts";
import { type ShrinkingHistoryOptions, shrinkingHistory } from "./shrinking-history.ts";
import { type StepRepetitionOptions, stepRepetition } from "./step-repetition.ts";
import { type UnawareOfTerminationOptions, unawareOfTermination } from "./unaware-of-termination.ts";
import { unknownTool } from "./unknown-tool.ts";
import { workerWithoutTimeout } from "./worker-without-timeout.ts";

/** Thresholds of each detector; `false` leaves it out. */
export interface DetectorOptions {
  readonly stepRepetition?: StepRepetitionOptions | false;
  readonly loops?: LoopOptions | false;
  readonly pingPong?: PingPongOptions | false;
  readonly unawareOfTermination?: UnawareOfTerminationOptions | false;
  readonly prematureTermination?: PrematureTerminationOptions | false;
  readonly missingVerification?: false;
  readonly unknownTool?: false;
  readonly shrinkingHistory?: ShrinkingHistoryOptions | false;
  readonly workerWithoutTimeout?: false;
}

/** @param owner Begins the messages. @throws RangeError that names the option, the range and the value. */
export function detectorsOf(owner: string, options: DetectorOptions): readonly Detector[] {
  const whole = (option: string, value: number, min: number, max?: number): number =>
    checkWhole(`${owner}: ${option}`, value, min, max);
  const { missingVerification: verification, unknownTool: tools, workerWithoutTimeout: workers } = options;
  return [
    given(options.stepRepetition, ({ repeats = 3, failures = 6, inOneTurn = 20 }) =>
      stepRepetition({
        repeats: whole("stepRepetition.repeats", repeats, 2),
        failures: whole("stepRepetition.failures", failures, 2),
        inOneTurn: whole("stepRepetition.inOneTurn", inOneTurn, 2),
      }),
    ),
    given(options.loops, ({ rounds = 3, length = 6 }) =>
      loops({ rounds: whole("loops.rounds", rounds, 2, 100), length: whole("loops.length", length, 2, 100) }),
    ),
    given(options.pingPong, ({ handovers = 4 }) =>
      pingPong({ handovers: whole("pingPong.handovers", handovers, 2) }),
    ),
    given(options.unawareOfTermination, ({ maxIterations = 200 }) =>
      unawareOfTermination({ maxIterations: whole("unawareOfTermination.maxIterations", maxIterations, 1) }),
    ),
    given(options.prematureTermination, ({ shortAnswerTokens = 16 }) =>
      prematureTermination({
        shortAnswerTokens: whole("prematureTermination.shortAnswerTokens", shortAnswerTokens, 0),
      }),
    ),
    given(verification, missingVerification),
    given(tools, unknownTool),
    given(options.shrinkingHistory, ({ share = 0.5, minTokens = 1_000, calls = 2 }) => {
      checkRate(`${owner}: shrinkingHistory.share`, share);
      return shrinkingHistory({
        share,
        minTokens: whole("shrinkingHistory.minTokens", minTokens, 1),
        calls: whole("shrinkingHistory.calls", calls, 1),
      });
    }),
    given(workers, workerWithoutTimeout),
  ].filter((detector) => detector !== undefined);
}

function given<O extends object>(
  options: O | false | undefined,
  make: (options: O) => Detector,
): Detector | undefined {
  return options === false ? undefined : make(options ?? ({} as O));
}
