import { field } from "../../instrumentation/fields.ts";
import { withHooks } from "./hooks.ts";
import { type ClaudeAgentOptions, checkOptions } from "./options.ts";
import { Session } from "./session.ts";
import { tracedQuery } from "./traced-query.ts";

/** The SDK's `query`. */
export type ClaudeQueryFunction = (params: never) => AsyncGenerator<unknown, unknown, unknown>;

/** Those that are traced already: a program that does it twice sees nothing twice. */
const tracedQueries = new WeakSet<object>();

/**
 * Traces what the Claude Agent SDK's `query` runs: the agent, its subagents, tools and model calls come out as those of `agent`, `tool` and
 * `chat` do, though they are made in another process. The result is used as `query` is, with the same types, messages and methods.
 *
 *     const query = traceClaudeAgent(sdk.query, { name: "researcher" });
 *
 * Each turn is one call of the agent. Hooks of the program run as before, beside those of this.
 *
 * @throws TypeError when `query` is no function or an option is unfit. The result throws the refusal of a limit, and ends the CLI.
 */
export function traceClaudeAgent<F extends ClaudeQueryFunction>(
  query: F,
  options: ClaudeAgentOptions = {},
): F {
  if (typeof query !== "function")
    throw new TypeError("traceClaudeAgent: query must be the function of @anthropic-ai/claude-agent-sdk");
  checkOptions(options);
  if (tracedQueries.has(query)) return query;
  const traced = (params: unknown) => {
    const given = field(params, "options");
    const session = new Session(field(params, "prompt"), given, options);
    const asked = { ...(params as object), options: withHooks(given, session) };
    return session.run(() => tracedQuery(query(asked as never), session));
  };
  tracedQueries.add(traced);
  return traced as unknown as F;
}
