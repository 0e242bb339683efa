export type { ScriptedAnswerInput, ScriptedRespond } from "./scripted-provider/script.ts";
export type {
  ScriptedAnswer,
  ScriptedFailure,
  ScriptedFinish,
  ScriptedQuota,
  ScriptedRateLimit,
  ScriptedToolCall,
} from "./scripted-provider/scripted-answer.ts";
export {
  type ScriptedProvider,
  type ScriptedProviderOptions,
  scriptedProvider,
} from "./scripted-provider/scripted-provider.ts";
export type {
  ReceivedRequest,
  RequestOutcome,
  ScriptedProtocol,
  ScriptedRequest,
} from "./scripted-provider/scripted-request.ts";
