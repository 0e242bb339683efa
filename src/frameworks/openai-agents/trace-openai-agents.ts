import { field } from "../../instrumentation/fields.ts";
import { checkOptions, type OpenAIAgentsOptions } from "./options.ts";
import { agentOtelProcessor } from "./processor.ts";
import type { OpenAIAgentsModule } from "./sdk.ts";
import { watchModels } from "./watch-models.ts";

/** Options of {@link traceOpenAIAgents}. */
export interface TraceOpenAIAgentsOptions extends OpenAIAgentsOptions {
  /**
   * Whether the SDK goes on sending its own traces, with prompts and answers, to OpenAI's servers, as it does by default. `false` takes
   * away all other trace processors. @default true
   */
  readonly sendToOpenAI?: boolean;
}

/** SDKs that have been given, with nothing of theirs kept alive. */
const traced = new WeakSet<object>();

/**
 * Traces the OpenAI Agents SDK. Nothing else is to be done, and nothing is sent anywhere by this alone.
 *
 *     import * as agents from "@openai/agents";
 *     traceOpenAIAgents(agents);
 *
 * Registers an {@link agentOtelProcessor} and watches the SDK's model classes, of whose calls its own spans tell too little: so that limits
 * can refuse one, failed calls have their model, and streams the time to their first piece. Call it before the first run, once; again it
 * does no harm.
 *
 * @param sdk The module itself, the one that the program runs its agents with.
 * @throws TypeError when it is another module or an option is unfit.
 */
export function traceOpenAIAgents(sdk: OpenAIAgentsModule, options: TraceOpenAIAgentsOptions = {}): void {
  const { sendToOpenAI = true, ...rest } = options;
  if (typeof field(sdk, "addTraceProcessor") !== "function")
    throw new TypeError(
      'traceOpenAIAgents: sdk must be the module, as import * as agents from "@openai/agents" gives it',
    );
  if (typeof sendToOpenAI !== "boolean")
    throw new TypeError(`traceOpenAIAgents: sendToOpenAI must be a boolean, got ${typeof sendToOpenAI}`);
  checkOptions("traceOpenAIAgents", rest);
  if (!sendToOpenAI) sdk.setTraceProcessors([agentOtelProcessor(rest)]);
  else if (!traced.has(sdk)) sdk.addTraceProcessor(agentOtelProcessor(rest));
  traced.add(sdk);
  watchModels(sdk, rest);
}
