import { reportFailure, warnOnce } from "../../internal/warn-once.ts";
import { AgentOtelHandler, HANDLER_NAME } from "./handler.ts";
import { agentRule, type LangChainOptions } from "./options.ts";

/** What {@link traceLangChain} needs of `@langchain/core/callbacks/manager`. */
export interface LangChainCallbacks {
  readonly CallbackManager: { readonly prototype: object };
}

/** Both do the same; LangChain itself calls the second of them, in every version since 0.3. */
const CONFIGURE = ["_configureSync", "configure"] as const;

type Configure = (this: unknown, inheritable: unknown, ...rest: unknown[]) => unknown;

/** Documented registry: classes that are traced, each with the way back. */
const traced = new WeakMap<object, () => void>();

/**
 * Traces every run of LangChain.js and LangGraph.js in this process, without `callbacks` anywhere in the program:
 * `traceLangChain({ CallbackManager })`, with the class that the program's own copy of `@langchain/core` has in
 * `@langchain/core/callbacks/manager`. A second call for the same class does nothing.
 *
 * @returns Ends it, for runs that begin later.
 * @throws TypeError when an option is unfit, or what is given is no such class.
 */
export function traceLangChain(langchain: LangChainCallbacks, options: LangChainOptions = {}): () => void {
  const manager: unknown = langchain?.CallbackManager;
  if (typeof manager !== "function")
    throw new TypeError(
      `traceLangChain: CallbackManager must be the class of @langchain/core/callbacks/manager, got ${typeof manager}`,
    );
  const rule = agentRule("traceLangChain", options);
  const known = traced.get(manager);
  if (known !== undefined) return known;
  const handler = new AgentOtelHandler(rule, options.capture ?? false);
  const undo = addTo(manager as unknown as Record<string, unknown>, handler);
  const end = (): void => {
    if (traced.delete(manager)) undo();
  };
  traced.set(manager, end);
  return end;
}

function addTo(manager: Record<string, unknown>, handler: AgentOtelHandler): () => void {
  const name = CONFIGURE.find((each) => typeof manager[each] === "function");
  if (name === undefined) {
    warnOnce(
      "langchain:configure",
      "this version of @langchain/core is not known: its CallbackManager has no configure(); pass callbacks: [agentOtelHandler()] instead",
    );
    return () => {};
  }
  const original = manager[name] as Configure;
  let added: AgentOtelHandler | undefined = handler;
  const configure: Configure = function (this: unknown, inheritable, ...rest) {
    return Reflect.apply(original, this, [withHandler(inheritable, added), ...rest]);
  };
  manager[name] = configure;
  return () => {
    // Somebody may have wrapped ours: then it stays, and adds nothing.
    added = undefined;
    if (manager[name] === configure) manager[name] = original;
  };
}

interface Manager {
  readonly handlers: readonly unknown[];
  copy(handlers: readonly unknown[], inherit: boolean): unknown;
}

function withHandler(inheritable: unknown, handler: AgentOtelHandler | undefined): unknown {
  if (handler === undefined) return inheritable;
  try {
    if (hasOurs(inheritable)) return inheritable;
    if (inheritable === undefined || inheritable === null) return [handler];
    if (Array.isArray(inheritable)) return [...inheritable, handler];
    return (inheritable as Manager).copy([handler], true);
  } catch (error) {
    reportFailure("adding a handler to LangChain", error);
    return inheritable;
  }
}

function hasOurs(callbacks: unknown): boolean {
  const handlers: unknown = Array.isArray(callbacks)
    ? callbacks
    : (callbacks as Partial<Manager> | null)?.handlers;
  return (
    Array.isArray(handlers) && handlers.some((each) => (each as { name?: unknown })?.name === HANDLER_NAME)
  );
}
