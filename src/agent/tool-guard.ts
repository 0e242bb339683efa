import { activeScope } from "./active-scope.ts";
import { answerRefused, answerRun } from "./tool-guard/answer-call.ts";
import { Grants } from "./tool-guard/grants.ts";
import { andThen, isThenable, type MaybePromise } from "./tool-guard/maybe-promise.ts";
import {
  checkValidate,
  grantsOf,
  type KnownTool,
  knownTools,
  maxBytesOf,
  maxCallsOf,
  type ToolGuardOptions,
  type ValidateToolCall,
} from "./tool-guard/options.ts";
import { readArguments } from "./tool-guard/read-arguments.ts";
import * as texts from "./tool-guard/refusal-text.ts";
import { RunCounts } from "./tool-guard/run-counts.ts";
import type { ToolAnswer, ToolRefusalReason } from "./tool-guard/tool-answer.ts";
import { type GuardedCall, type ModelToolCall, type ReadCall, readToolCall } from "./tool-guard/tool-call.ts";
import { verdictOf } from "./tool-guard/verdict.ts";

export type { GuardedTool, ToolGuardOptions, ValidateToolCall } from "./tool-guard/options.ts";
export type { JsonSchema, StandardSchema } from "./tool-guard/schema.ts";
export {
  asAnthropicBlock,
  asOpenAIMessage,
  asOpenAIOutput,
  type ToolAnswer,
  type ToolRefusalReason,
} from "./tool-guard/tool-answer.ts";
export type { GuardedCall, ModelToolCall } from "./tool-guard/tool-call.ts";

/** Stands between what a model asks for and the tools: see {@link toolGuard}. */
export interface ToolGuard {
  /**
   * Runs the tool of a model's call, or refuses it.
   *
   * @returns What to answer the model with. Refusals and failures of the tool are answers too.
   * @throws TypeError where the tool has no `run`; what ends the whole run, such as `LimitExceededError`.
   */
  call(call: ModelToolCall): Promise<ToolAnswer>;
  /** As `call`, at once. @throws TypeError as well where tool, schema or `validate` turns out to be asynchronous. */
  callSync(call: ModelToolCall): ToolAnswer;
  /** As `call`, with what runs the tools of the program: it gets the calls that are let through. */
  around(run: (call: GuardedCall) => unknown): (call: ModelToolCall) => Promise<ToolAnswer>;
}

/**
 * Checks the tool calls of models before anything runs: that the tool exists, that the agent at work was given it, that the
 * arguments are JSON and fit the schema, that `validate` agrees, and that `maxCalls` is not used up. What does not pass is
 * answered with a text that the model can mend its call by, counted in `agents.tool_guard.rejections`, and a failed span
 * `execute_tool` whose `error.type` is the reason. What passes runs as a `tool()` of the agent.
 *
 * @throws TypeError or RangeError at once, when an option is unfit.
 */
export function toolGuard<Tools extends Readonly<Record<string, unknown>>>(
  options: ToolGuardOptions<Tools>,
): ToolGuard {
  return new Guard(options);
}

type Run = (call: GuardedCall) => unknown;

/** Why a call is not let through. */
interface Refusal {
  readonly reason: ToolRefusalReason;
  readonly text: string;
  readonly problems?: readonly string[];
}

class Guard implements ToolGuard {
  readonly #tools: ReadonlyMap<string, KnownTool>;
  readonly #grants: Grants;
  readonly #counts: RunCounts;
  readonly #validate: ValidateToolCall | undefined;
  readonly #maxBytes: number;

  constructor(
    options: Omit<ToolGuardOptions<Readonly<Record<string, unknown>>>, "tools"> & { readonly tools: unknown },
  ) {
    this.#tools = knownTools(options.tools);
    this.#grants = new Grants(grantsOf(options.agents, this.#tools), [...this.#tools.keys()]);
    this.#counts = new RunCounts(maxCallsOf("toolGuard: maxCalls", options.maxCalls));
    checkValidate(options.validate);
    this.#validate = options.validate;
    this.#maxBytes = maxBytesOf(options.maxArgumentBytes);
  }

  async call(given: ModelToolCall): Promise<ToolAnswer> {
    return this.#handle(given, undefined);
  }

  callSync(given: ModelToolCall): ToolAnswer {
    const answer = this.#handle(given, undefined);
    if (!isThenable(answer)) return answer;
    // It goes on, and nobody waits for it any more.
    answer.then(undefined, () => {});
    throw new TypeError(
      "toolGuard: callSync needs a tool, a schema and a validate that are synchronous; use call",
    );
  }

  around(run: Run): (call: ModelToolCall) => Promise<ToolAnswer> {
    if (typeof run !== "function")
      throw new TypeError(`toolGuard: around must be given a function, got ${typeof run}`);
    return async (given) => this.#handle(given, run);
  }

  #handle(given: ModelToolCall, run: Run | undefined): MaybePromise<ToolAnswer> {
    const call = readToolCall(given);
    const scope = activeScope();
    const known = this.#tools.get(call.name);
    const refuse = (refusal: Refusal) => answerRefused({ problems: [], ...refusal, call, known, scope });
    const granted = this.#grants.of(scope);
    if (known === undefined)
      return refuse({ reason: "unknown_tool", text: texts.unknownToolText(call.name, granted) });
    if (!granted.includes(known.name))
      return refuse({ reason: "not_granted", text: texts.notGrantedText(known.name, granted) });
    const execute = run ?? ownRun(known);
    return andThen(this.#fitting(known, call), (fitting) => {
      if ("reason" in fitting) return refuse(fitting);
      const allowed: GuardedCall = { ...fitting, agent: scope?.agent };
      return andThen(verdictOf(this.#validate, allowed), (text) => {
        if (text !== undefined) return refuse({ reason: "invalid_by_validate", text });
        const over = this.#counts.take(scope, known.name, known.maxCalls);
        if (over !== undefined)
          return refuse({ reason: "max_calls", text: texts.maxCallsText(known.name, over.max, over.whose) });
        return answerRun(known, allowed, execute, run === undefined && known.isTool);
      });
    });
  }

  /** The call with its arguments as the schema gives them back. */
  #fitting(
    known: KnownTool,
    { id, arguments: given }: ReadCall,
  ): MaybePromise<Omit<GuardedCall, "agent"> | Refusal> {
    const { name } = known;
    const read = readArguments(given, { maxBytes: this.#maxBytes });
    if ("problem" in read) {
      const { kind: reason, problem } = read;
      return reason === "malformed_arguments"
        ? { reason, text: texts.malformedText(name, problem) }
        : { reason, text: texts.invalidText(name, [problem]), problems: [problem] };
    }
    return andThen(known.check(read.value), (checked) => {
      if ("value" in checked) return { id, name, arguments: checked.value as Record<string, unknown> };
      const { problems } = checked;
      return { reason: "invalid_arguments", text: texts.invalidText(name, problems), problems };
    });
  }
}

function ownRun({ name, run }: KnownTool): Run {
  if (run !== undefined) return (call) => run(call.arguments, call);
  throw new TypeError(`toolGuard: tool "${name}" has no run; give it one, or use around`);
}
