// An async function as an agent, in our API and in those of the peers, content off where they would record it, since ours is
// off by default. Each uses the SDK that is registered; none starts its own exporter.
import { agent } from "../src/index.ts";
import { agentMetrics } from "../src/pipeline/agent-metrics.ts";
import { load } from "./peers/load.ts";

export type Work = (question: string) => Promise<string>;

export interface AgentApi {
  /** The package to name in the report; none for our own. */
  readonly peer?: string;
  wrap(work: Work): Promise<Work>;
}

/** What is used of each peer: their types are not installed with ours. */
interface OpenLit {
  startTrace<R>(name: string, fn: () => Promise<R>): Promise<R>;
}
interface OpenInference {
  traceAgent(fn: Work, options: object): Work;
}
interface Traceloop {
  initialize(options: object): void;
  withAgent(config: object, fn: Work, question: string): Promise<string>;
}
interface Langfuse {
  observe(fn: Work, options: object): Work;
}

const NAME = "researcher";

export const AGENT_APIS = {
  "agent-otel": {
    wrap: async (work) => agent(NAME, work),
  },
  "agent-otel with record and metrics": {
    async wrap(work) {
      agentMetrics();
      return agent(NAME, work);
    },
  },
  OpenLIT: {
    peer: "openlit",
    async wrap(work) {
      const { startTrace } = (await load("openlit")) as OpenLit;
      return (question) => startTrace(`invoke_agent ${NAME}`, () => work(question));
    },
  },
  OpenInference: {
    peer: "@arizeai/openinference-core",
    async wrap(work) {
      const { traceAgent } = (await load("@arizeai/openinference-core")) as OpenInference;
      return traceAgent(work, { name: NAME, processInput: () => ({}), processOutput: () => ({}) });
    },
  },
  OpenLLMetry: {
    peer: "@traceloop/node-server-sdk",
    async wrap(work) {
      const { initialize, withAgent } = (await load("@traceloop/node-server-sdk")) as Traceloop;
      initialize({
        tracingEnabled: false,
        traceContent: false,
        traceloopSyncEnabled: false,
        silenceInitializationMessage: true,
      });
      return (question) => withAgent({ name: NAME }, work, question);
    },
  },
  Langfuse: {
    peer: "@langfuse/tracing",
    async wrap(work) {
      const { observe } = (await load("@langfuse/tracing")) as Langfuse;
      return observe(work, { name: NAME, asType: "agent", captureInput: false, captureOutput: false });
    },
  },
} satisfies Record<string, AgentApi>;

export type ApiName = keyof typeof AGENT_APIS;

export function isApiName(name: string | undefined): name is ApiName {
  return name !== undefined && Object.hasOwn(AGENT_APIS, name);
}
