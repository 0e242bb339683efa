import { AsyncLocalStorage } from "node:async_hooks";
import type { Context } from "@opentelemetry/api";
import { activeContext, activeScope, scopeContext } from "../../agent/active-scope.ts";
import type { Call } from "../../agent/call.ts";
import { Scope } from "../../agent/scope.ts";
import { openWorkflow } from "../../agent/told/told-calls.ts";
import { text } from "../../instrumentation/fields.ts";
import { currentOfSdk, sdkContextIsAsync } from "./current.ts";
import { Entry } from "./entry.ts";
import type { OpenAIAgentsOptions } from "./options.ts";
import { DEFAULT_WORKFLOW, type SdkSpan, type SdkSpanError, type SdkTrace } from "./sdk.ts";
import { toldError } from "./told-error.ts";

/** Of one trace of the SDK, those that are over included: what is inside of them may begin late. */
const MOST_SPANS = 1_000;
const MAX_CONVERSATION = 256;

/** One trace of the SDK: a run, or several that the program has put together with `withTrace`. */
export class Run {
  readonly options: OpenAIAgentsOptions;
  readonly context: Context;
  readonly entries = new Map<string, Entry>();
  /** The last failure that was seen itself, not as the SDK's text. */
  seen: unknown;
  /** Of what was last at work at the top. */
  failure: SdkSpanError | null = null;
  /** Looks at where the trace began: the SDK is no longer there once it is over. */
  readonly #isThere: (() => boolean) | undefined;
  #refusal: unknown;
  readonly #workflow: Call | undefined;
  readonly #opening: Opening;
  #ended: boolean;

  /** @param trace `undefined`: its begin was missed. */
  constructor(trace: SdkTrace | undefined, options: OpenAIAgentsOptions, opening: Opening) {
    this.options = options;
    this.#opening = opening;
    this.#ended = trace === undefined;
    const parent = inConversation(activeContext(), trace?.groupId);
    this.#workflow = trace === undefined ? undefined : this.#openWorkflow(trace.name, parent);
    this.context = this.#workflow?.context ?? parent;
    const isThere = () => currentOfSdk().trace?.traceId === trace?.traceId;
    if (trace !== undefined && sdkContextIsAsync() && isThere())
      this.#isThere = AsyncLocalStorage.bind(isThere);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Of a trace whose function has thrown the SDK does not tell the end. */
  get hasThrown(): boolean {
    return !this.#ended && this.#isThere?.() === false;
  }

  get isOver(): boolean {
    return this.#ended && [...this.entries.values()].every(({ ended }) => ended);
  }

  /** Inside of a call of the program a run without a name is no call of its own. */
  #openWorkflow(name: string, parent: Context): Call | undefined {
    if (name === DEFAULT_WORKFLOW && activeScope(parent)?.name !== undefined) return undefined;
    try {
      return openWorkflow(name, { parent });
    } catch (refusal) {
      this.refused(refusal);
      return undefined;
    }
  }

  /** A limit has thrown where the SDK cannot be stopped: it is thrown at the next model call. */
  refused(refusal: unknown): void {
    this.#refusal ??= refusal;
  }

  /** @throws what a limit has thrown before. */
  throwRefusal(): void {
    const refusal = this.#refusal;
    this.#refusal = undefined;
    if (refusal !== undefined) throw refusal;
  }

  entryOf(span: SdkSpan): Entry {
    const known = this.entries.get(span.spanId);
    if (known !== undefined) return known;
    const entry = new Entry(span, this);
    this.entries.set(span.spanId, entry);
    if (this.entries.size > MOST_SPANS) this.#forgetOne();
    return entry;
  }

  /**
   * Control passes from one agent to the next below one task. The SDK's own objects are asked, as the end of the handoff may be told late.
   *
   * @returns The agent that has handed over to `target`, once for each handoff.
   */
  takeHandoff(around: string | null, target: string | undefined): string | undefined {
    const handoff = [...this.entries.values()].findLast(
      ({ span: { spanData }, taken, aroundAgent }) =>
        spanData.type === "handoff" &&
        !taken &&
        aroundAgent === around &&
        text(spanData, "to_agent") === target,
    );
    if (handoff === undefined || target === undefined) return undefined;
    handoff.taken = true;
    return text(handoff.span.spanData, "from_agent");
  }

  /** Where the SDK works on `span` now. Of what is over, the innermost around it that is not. */
  contextOf(span: SdkSpan | null): Context | undefined {
    const isOpen = span !== null && span.startedAt !== null && span.endedAt === null && !this.#ended;
    let entry: Entry | undefined;
    if (span !== null) {
      entry = this.entries.get(span.spanId) ?? (isOpen ? this.entryOf(span) : undefined);
      entry ??= this.entries.get(span.parentId ?? "");
    }
    for (; entry !== undefined; entry = entry.parent) if (!entry.ended) return entry.context;
    return this.#ended ? undefined : this.context;
  }

  /** Opens something in the innermost of `told` and of what is active. */
  opening<T>(told: Context, open: (parent: Context) => T): T {
    return this.#opening.within(told, () => open(activeContext()));
  }

  end(hasThrown = false): void {
    this.#ended = true;
    // Processors that come before ours may hold the ends of spans up.
    for (const entry of this.entries.values()) if (entry.span.endedAt !== null) entry.end();
    if (this.failure !== null) this.#workflow?.fail(toldError(this.failure, this.seen));
    else if (hasThrown) this.#workflow?.fail(new Error("its function has thrown"));
    else this.#workflow?.end();
  }

  leave(): void {
    this.#ended = true;
    for (const entry of [...this.entries.values()].reverse()) entry.end(entry.span.endedAt === null);
    this.#workflow?.leave();
  }

  #forgetOne(): void {
    for (const [id, entry] of this.entries)
      if (entry.ended) {
        this.entries.delete(id);
        return;
      }
    for (const [id, entry] of this.entries)
      if (entry.span.spanData.type !== "agent" && entry.span.spanData.type !== "task") {
        entry.end(true);
        this.entries.delete(id);
        return;
      }
  }
}

/** Knows where something is being opened: meanwhile that place stands for what the SDK is working on. */
export interface Opening {
  within<T>(told: Context, fn: () => T): T;
}

function inConversation(parent: Context, groupId: string | null | undefined): Context {
  if (typeof groupId !== "string" || groupId === "") return parent;
  const scope = Scope.conversation(activeScope(parent), groupId.slice(0, MAX_CONVERSATION));
  return scopeContext(parent, scope, undefined);
}
