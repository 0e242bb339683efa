import type { Attributes, Context } from "@opentelemetry/api";
import { activeContext, activeScope, scopeContext } from "../../agent/active-scope.ts";
import type { Call } from "../../agent/call.ts";
import { endWithGarbage } from "../../agent/streams/garbage.ts";
import type { Lifetime } from "../../agent/streams/lifetime.ts";
import type { HeardCall } from "./heard-call.ts";

/** Attempts and tools of one operation that are open at once; more than this are forgotten, oldest first. */
const MOST_AT_ONCE = 1_000;

/** What {@link Operation} is made of. */
export interface OperationParts {
  /** The agent that it is, where it has a name. */
  readonly agent?: Call | undefined;
  readonly streams?: boolean;
  /** Of its model calls, where those do not say them again. */
  readonly settings?: Attributes;
  /** The hook that was told of it first. */
  readonly owner?: object | undefined;
  readonly ended?: () => void;
}

/**
 * One call of `generateText`, `streamText`, `embed` and the like: all its model calls and tools. Knows where it was called, since the
 * AI SDK goes on in whatever context its stream is read from.
 */
export class Operation implements Lifetime {
  readonly owner: object | undefined;
  readonly streams: boolean;
  readonly settings: Attributes;
  /** Where model calls and tools of it belong. */
  readonly context: Context;
  /** Whether a request to a model has come through a hook. */
  hasAsked = false;
  /** What its last model call failed with, if it did: the AI SDK does not always say. */
  failure: { readonly error: unknown } | undefined;
  readonly #agent: Call | undefined;
  readonly #heard = new Map<string, { readonly call: HeardCall; readonly values: unknown }>();
  readonly #tools = new Map<string, Call>();
  readonly #streams = new Set<Lifetime>();
  readonly #ended: (() => void) | undefined;
  #unwatch: (() => void) | undefined;
  #over = false;

  constructor({ agent, streams = false, settings = {}, owner, ended }: OperationParts = {}) {
    const around = activeContext();
    this.owner = owner;
    this.streams = streams;
    this.settings = settings;
    this.context = agent?.context ?? scopeContext(around, activeScope(around), undefined);
    this.#agent = agent;
    this.#ended = ended;
  }

  /** Whether its end will be told; nothing may wait for it else. */
  get isOpen(): boolean {
    return this.owner !== undefined && !this.#over;
  }

  run<T>(fn: () => T): T {
    return this.#agent === undefined ? fn() : this.#agent.run(fn);
  }

  /** A model call began that the AI SDK runs by itself; another attempt at the same `values` has failed before. */
  hears(id: string, call: HeardCall, values: unknown): void {
    for (const [other, heard] of this.#heard) {
      if (heard.values !== values) continue;
      this.#heard.delete(other);
      heard.call.fail(undefined);
    }
    this.#heard.set(id, { call, values });
    const [oldest] = this.#heard.size > MOST_AT_ONCE ? this.#heard.keys() : [];
    if (oldest === undefined) return;
    this.#heard.get(oldest)?.call.leave();
    this.#heard.delete(oldest);
  }

  heard(id: string): HeardCall | undefined {
    return this.#heard.get(id)?.call;
  }

  /** It has ended. */
  forget(id: string): void {
    this.#heard.delete(id);
  }

  /** An answer is streaming in: it is over before the operation is. @returns Says that it is over. */
  holds(answer: Lifetime): () => void {
    this.#streams.add(answer);
    return () => void this.#streams.delete(answer);
  }

  /** A tool has run whose result is told later. */
  awaitResult(id: string, tool: Call): void {
    this.#tools.set(id, tool);
    const [oldest] = this.#tools.size > MOST_AT_ONCE ? this.#tools.keys() : [];
    if (oldest !== undefined) this.takeTool(oldest)?.end();
  }

  takeTool(id: string): Call | undefined {
    const tool = this.#tools.get(id);
    this.#tools.delete(id);
    return tool;
  }

  /** Ends with `kept` at the latest: an object that the AI SDK keeps as long as anybody could read on. */
  watch(kept: object, name: string): void {
    if (!this.isOpen) return;
    this.#unwatch?.();
    this.#unwatch = endWithGarbage(kept, this, name);
  }

  end(): void {
    // What is open still was tried in vain.
    if (this.#closes((call) => call.fail(undefined))) this.#agent?.end();
  }

  leave(): void {
    if (this.#closes((call) => call.leave())) this.#agent?.leave();
  }

  fail(error: unknown): void {
    if (this.#closes((call) => call.fail(error))) this.#agent?.fail(error);
  }

  /** @returns Whether it was open: answers that end with it would end it once more. */
  #closes(how: (call: HeardCall) => void): boolean {
    if (this.#over) return false;
    this.#over = true;
    this.#unwatch?.();
    this.#ended?.();
    for (const answer of this.#streams) answer.leave();
    for (const { call } of this.#heard.values()) how(call);
    this.#heard.clear();
    for (const tool of this.#tools.values()) tool.end();
    this.#tools.clear();
    return true;
  }
}
