import { type Span, trace } from "@opentelemetry/api";
import { activeScope } from "../../agent/active-scope.ts";
import { callLog } from "../../agent/call-log.ts";
import { isModelOperation } from "../../agent/call-record.ts";
import { type NamedSpan, operationOf } from "../../agent/foreign/operation.ts";
import { Scope } from "../../agent/scope.ts";
import { type After, systemAfter } from "../../internal/timers.ts";
import { warnOnce } from "../../internal/warn-once.ts";
import type { CallRecord } from "../../telemetry/call-record.ts";
import { modelHost, type OutgoingRequest } from "./model-request.ts";
import type { RequestListener } from "./request-channels.ts";

/** How long after its answer somebody may still tell of a call, in milliseconds: a framework that does so at the end of a slow reader. */
const WAIT_MS = 30_000;

/** Between the clocks of two who tell of one call, in milliseconds. */
const SLACK_MS = 1_000;

const MOST_HELD = 64;

interface Held {
  readonly host: string;
  readonly beganMs: number;
  ended: boolean;
  forget: () => void;
}

export interface UnseenCallsOptions {
  /** Called once: from then on nothing is listened to. */
  readonly onFound: () => void;
  /** Wall clock, milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
  /** @default timers that do not hold the process */
  readonly after?: After;
}

/**
 * Finds calls of models of which nobody tells: of a client that was bundled into the program, where no hook of the loader sees it.
 *
 * A request for a model's answer is known by where it goes and how. Made inside a model call or a model's span, it is told of. Every
 * other is held until its answer is there and for {@link WAIT_MS} more: frameworks and other instrumentations may tell of it without
 * being around it. What then nobody has told of is said once.
 */
export class UnseenCalls implements RequestListener {
  readonly #held = new Map<object, Held>();
  readonly #options: UnseenCallsOptions;
  #unsubscribe: (() => void) | undefined;

  constructor(options: UnseenCallsOptions) {
    this.#options = options;
  }

  began(key: object, request: OutgoingRequest): void {
    const host = modelHost(request);
    if (host === undefined) return;
    const scope = activeScope();
    if (scope !== undefined && !(scope instanceof Scope)) saySecondCopy();
    if (scope?.modelCall !== undefined || isModelSpan(trace.getActiveSpan())) return;
    if (this.#held.size >= MOST_HELD) return;
    // Only now: a program whose calls are all seen pays for no listener.
    this.#unsubscribe ??= callLog.subscribe((record) => this.#told(record));
    this.#held.set(key, {
      host,
      beganMs: (this.#options.now ?? Date.now)(),
      ended: false,
      forget: () => {},
    });
  }

  ended(key: object): void {
    const held = this.#held.get(key);
    if (held === undefined || held.ended) return;
    held.ended = true;
    held.forget = (this.#options.after ?? systemAfter)(WAIT_MS, () => this.#found(held), false);
  }

  /** The program ends: nobody will tell of what is still held. Calls whose answer is not there stay unjudged. */
  last(): void {
    const held = [...this.#held.values()].find(({ ended }) => ended);
    if (held !== undefined) this.#found(held);
  }

  #told(record: CallRecord): void {
    if (!isModelOperation(record.operation)) return;
    for (const [key, held] of this.#held) {
      if (!covers(record, held.beganMs)) continue;
      held.forget();
      this.#held.delete(key);
    }
  }

  #found({ host }: Held): void {
    for (const { forget } of this.#held.values()) forget();
    this.#held.clear();
    this.#unsubscribe?.();
    this.#options.onFound();
    warnOnce(
      "unseen-calls",
      `a model call to ${host} made no span. register sees the clients that Node's own loader loads, so not one that is bundled into ` +
        "the program, and no plain fetch. Keep the client's package and agent-otel out of the bundle (serverExternalPackages in " +
        "Next.js, external in esbuild, rolldown and Vite), or wrap the client in observe(), or the call in chat(): see docs/bundlers.md",
    );
  }
}

/** Where nobody knows when it began, it may have been any. */
function covers({ startMs, durationMs }: CallRecord, atMs: number): boolean {
  if (startMs === undefined) return true;
  return atMs >= startMs - SLACK_MS && atMs <= startMs + (durationMs ?? Infinity) + SLACK_MS;
}

/** One that is not recorded says nothing of itself: it may be. */
function isModelSpan(span: Span | undefined): boolean {
  if (span === undefined) return false;
  if (!span.isRecording()) return true;
  const { attributes = {}, name = "" } = span as Span & Partial<NamedSpan>;
  return isModelOperation(operationOf({ attributes, name }));
}

/** The scope in the context is of another copy's class: OpenTelemetry's context is one for all copies. */
function saySecondCopy(): void {
  warnOnce(
    "second-copy",
    "this program has a second copy of agent-otel bundled into it: what that one sees makes spans, but is in no metrics, totals and " +
      "budgets of this one. Keep agent-otel out of the bundle (serverExternalPackages in Next.js, external in esbuild, rolldown and " +
      "Vite): see docs/bundlers.md",
  );
}
