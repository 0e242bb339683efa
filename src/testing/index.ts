// `agent-otel/testing`: parts for the tests of programs with agents.
export {
  type ScriptedAnswer,
  type ScriptedProvider,
  type ScriptedRequest,
  scriptedProvider,
} from "./scripted-provider.ts";
