// `agent-otel/testing`: parts for the tests of programs with agents.
export { ManualClock } from "./manual-clock.ts";
export {
  type ScriptedAnswer,
  type ScriptedProvider,
  type ScriptedRequest,
  scriptedProvider,
} from "./scripted-provider.ts";
export { type SpanPattern, SpanRecorder } from "./span-recorder.ts";
