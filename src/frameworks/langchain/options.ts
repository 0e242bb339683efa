import { checkName } from "../../internal/check-name.ts";
import { safely } from "../../internal/warn-once.ts";

/** A part of a LangChain program that may be an agent. */
export interface LangChainPart {
  /** `node` of a graph, a compiled `graph`, or a `chain` outside of any graph that was given a name of its own. */
  readonly kind: "node" | "graph" | "chain";
  readonly name: string;
  /** The graph of a node. */
  readonly graph?: string;
}

/** Options of {@link agentOtelHandler} and {@link traceLangChain}. */
export interface LangChainOptions {
  /**
   * Which parts are agents: their names, and then no others are, or a function that is asked; where it returns `undefined` the default
   * holds.
   *
   * @default Prebuilt agents (`createAgent`, `createReactAgent`) and hand-written loops of a model and its tools, by the name of their
   * graph; of all other graphs each node but those that run tools or are named `__…`.
   */
  readonly agents?: readonly string[] | ((part: LangChainPart) => boolean | undefined);
  /** Puts arguments and results of tools on their spans, with secrets redacted and cut to 4 KiB each. @default false */
  readonly capture?: boolean;
}

/** Whether a part is an agent; `undefined` where the options do not say. */
export type AgentRule = (part: LangChainPart) => boolean | undefined;

/** @throws TypeError that names the option, when one is unfit. */
export function agentRule(owner: string, { agents, capture }: LangChainOptions): AgentRule {
  if (capture !== undefined && typeof capture !== "boolean")
    throw new TypeError(`${owner}: capture must be true or false, got ${String(capture)}`);
  if (agents === undefined) return () => undefined;
  if (typeof agents === "function") return asked(agents);
  if (!Array.isArray(agents))
    throw new TypeError(`${owner}: agents must be a list of names or a function, got ${String(agents)}`);
  for (const name of agents) checkName(`${owner}: agents`, name);
  const names: ReadonlySet<string> = new Set(agents);
  return ({ name }) => names.has(name);
}

function asked(agents: AgentRule): AgentRule {
  return (part) => {
    let said: boolean | undefined;
    safely("asking which parts of a LangChain program are agents", () => {
      said = agents(part);
    });
    return typeof said === "boolean" ? said : undefined;
  };
}
