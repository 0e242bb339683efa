import type { Context } from "@opentelemetry/api";
import { addContextSource } from "../../agent/active-scope.ts";
import { runs } from "./run-registry.ts";

/** Where LangChain, LangGraph and LangSmith keep their one AsyncLocalStorage, so that all copies of them share it. */
const STORAGE = Symbol.for("ls:tracing_async_local_storage");
const CHILD_CONFIG = Symbol.for("lc:child_config");

interface Storage {
  getStore():
    | { readonly extra?: { readonly [CHILD_CONFIG]?: { readonly callbacks?: Callbacks } } }
    | undefined;
}

/** A manager, or a list of handlers before LangChain has made one of them. */
interface Callbacks {
  getParentRunId?(): string | undefined;
}

/** Documented registry: whether the one source of this process is there. */
let added = false;

/** Lets everything below a run of LangChain find its place there. Without that storage (`@langchain/core` alone, browsers) nothing does. */
export function followLangChain(): void {
  if (added) return;
  added = true;
  addContextSource(currentContext);
}

function currentContext(): Context | undefined {
  const storage = (globalThis as { readonly [STORAGE]?: Storage })[STORAGE];
  const callbacks = storage?.getStore()?.extra?.[CHILD_CONFIG]?.callbacks;
  return runs.get(callbacks?.getParentRunId?.())?.context;
}
