import type { Context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { innermost } from "../agent/active-scope.ts";

/**
 * OpenTelemetry's own context manager, with one more thing: inside of an agent or a tool that a framework runs and tells us of by
 * callbacks (OpenAI Agents, LangChain), the context of that call is the active one, so that every span below it has its place, whoever
 * makes it. `start()` has it built in. For a program with an SDK of its own: `new NodeSDK({ contextManager: agentContextManager() })`.
 */
export function agentContextManager(): AsyncLocalStorageContextManager {
  return new AgentContextManager();
}

class AgentContextManager extends AsyncLocalStorageContextManager {
  override active(): Context {
    return innermost(super.active());
  }
}
