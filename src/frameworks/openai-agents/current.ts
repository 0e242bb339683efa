import { AsyncLocalStorage } from "node:async_hooks";
import { warnOnce } from "../../internal/warn-once.ts";
import type { SdkSpan, SdkTrace } from "./sdk.ts";

/** All copies of the SDK in a process share one provider, under this name. */
const PROVIDER = Symbol.for("openai.agents.core.traceProvider");

/** And one context, unless the program has put another one in its place. */
const STORAGE = Symbol.for("openai.agents.core.asyncLocalStorage");

interface TraceProvider {
  getCurrentSpan(): SdkSpan | null;
  getCurrentTrace(): SdkTrace | null;
}

/** What the SDK is working on in this async context. */
export interface Current {
  readonly span: SdkSpan | null;
  readonly trace: SdkTrace | null;
}

const NOTHING: Current = { span: null, trace: null };

/** @returns Nothing where no copy of the SDK is loaded. */
export function currentOfSdk(): Current {
  const provider = (globalThis as { readonly [PROVIDER]?: Partial<TraceProvider> })[PROVIDER];
  if (provider === undefined) return NOTHING;
  if (provider.getCurrentSpan === undefined || provider.getCurrentTrace === undefined) {
    warnOnce(
      "openai-agents:context",
      "this version of @openai/agents does not tell which span is current (known: 0.20): what is called inside of its tools is not placed below them",
    );
    return NOTHING;
  }
  return { span: provider.getCurrentSpan(), trace: provider.getCurrentTrace() };
}

/** Whether what is current for the SDK can be asked for later, from where one is now. */
export function sdkContextIsAsync(): boolean {
  return (globalThis as { readonly [STORAGE]?: unknown })[STORAGE] instanceof AsyncLocalStorage;
}
