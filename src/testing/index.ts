/**
 * Parts for the tests of programs with agents.
 *
 * @module agent-otel/testing
 */

// Errors
export { NotRecordedError, type NotRecordedFacts } from "../errors/not-recorded-error.ts";
export { RecordingUnusableError } from "../errors/recording-unusable-error.ts";
// Stand in for a provider
export { type FaultOptions, faults, type StreamFaultOptions } from "./faults.ts";
// Move the clock
export { ManualClock } from "./manual-clock.ts";
// Say what is expected of a trace
export type { MatchResult } from "./matchers/match-result.ts";
export { toFollowPath } from "./matchers/to-follow-path.ts";
export { type CalledOptions, toHaveCalled, toHaveCalledTool } from "./matchers/to-have-called.ts";
export { toHaveNoErrors } from "./matchers/to-have-no-errors.ts";
export { type NoLoopsOptions, toHaveNoLoops } from "./matchers/to-have-no-loops.ts";
export { toCostLessThan, toUseFewerTokensThan } from "./matchers/to-spend-less.ts";
export type { Traced } from "./matchers/traced.ts";
export { traceMatchers } from "./matchers.ts";
export {
  type NormalizeBody,
  type RecordedProvider,
  type RecordMode,
  type RecordProviderOptions,
  recordProvider,
} from "./record-provider.ts";
export {
  type ScriptedAnswer,
  type ScriptedProvider,
  type ScriptedRequest,
  scriptedProvider,
} from "./scripted-provider.ts";
// See what happened
export { type SpanPattern, SpanRecorder, type SpanRecorderOptions } from "./span-recorder.ts";
export { type TraceSnapshotOptions, traceSnapshot } from "./trace-snapshot.ts";
