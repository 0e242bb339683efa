import type { GoalRow } from "./goal-row.ts";

/** What is emitted, from whom, and what it costs. */
export const TELEMETRY_ROWS: readonly GoalRow[] = [
  {
    row: 1,
    goal: "one module of names, of one commit of the conventions",
    proofs: {
      "test/contract/names.test.ts": ["are each given once", "are each used by something"],
      "test/goals/conventions.test.ts": ["are of one commit, the same in code, registry and documentation"],
    },
    limits: ["No schema URL"],
  },
  {
    row: 2,
    goal: "names of the newest generation, of v1.41 or of both",
    proofs: {
      "test/pipeline/semconv/semconv-generation.test.ts": ["is the newest unless something is said"],
      "test/pipeline/semconv/rename-metrics.test.ts": ["are all of both generations with dup"],
    },
  },
  {
    row: 3,
    goal: "conformance of what a run emits",
    proofs: {
      "test/contract/registry-run.test.ts": [
        "is what the registry declares: names, types, values, units, kinds, buckets and places",
      ],
      "test/contract/registry.test.ts": [
        "declares each name once, and refers to none that it does not declare",
      ],
    },
    limits: ["No live check with weaver"],
  },
  {
    row: 4,
    goal: "node --import agent-otel/register, or one call",
    proofs: {
      "test/register/register.test.ts": ["sees every call of CommonJS", "may be given twice"],
      "test/pipeline/start.test.ts": ["exports spans to the exporter given in code"],
    },
  },
  {
    row: 5,
    goal: "ESM and CommonJS, types, Node 22 and 24, openai 5, 6 and 7",
    proofs: {
      "test/clients/matrix.test.ts": ["makes no span beside those"],
      "test/pains/07-esm-and-loaders.test.ts": [
        "leaves odd modules as they are, and sees the call among them",
      ],
      "test/contract/package-consumers.test.ts": ["compiles and runs: $name"],
      "test/contract/package-entries.test.ts": ["has no finding of publint"],
    },
  },
  {
    row: 6,
    goal: "SDK 2.x and 3.x, install without conflicts",
    proofs: {
      "test/pains/06-peer-dependencies.test.ts": ["asks its users for no package but the API"],
      "test/stack/beside/beside.test.ts": [
        "counts each request once, with the provider's tokens, its cost and its agent",
        "takes us beside $peer on an SDK of $train",
      ],
    },
    limits: ["The older API of OpenTelemetry"],
  },
  {
    row: 7,
    goal: "small to install and to load",
    proofs: {
      "test/register/register.test.ts": [
        "loads neither a client nor prices for a program that asks no model",
      ],
      "test/contract/package-footprint.test.ts": [
        "loads the API and no SDK, no client, no prices and no driver",
      ],
    },
    limits: ["An install is not small"],
  },
  {
    row: 8,
    goal: "spans of agents, tools, workflows and plans",
    proofs: {
      "test/agent/agent.test.ts": ["makes one INTERNAL span invoke_agent {agent}"],
      "test/agent/tool.test.ts": ["makes one INTERNAL span execute_tool {tool} with the agent's name"],
      "test/agent/workflow.test.ts": [
        "makes one INTERNAL span invoke_workflow {workflow}",
        "makes a span plan {agent} with the model call as its child",
      ],
    },
    limits: ["Spans that are not made"],
  },
  {
    row: 9,
    goal: "handoff and caller",
    proofs: {
      "test/agent/handoff.test.ts": [
        "to an agent returns that agent, which runs below the handoff with its caller",
      ],
      "test/agent/agent.test.ts": ["is the agent around it, with its type"],
    },
  },
  {
    row: 10,
    goal: "context across every yield, three generators deep",
    proofs: {
      "test/pains/09-async-generators.test.ts": ["every model call of %s is below its own span"],
      "test/agent/streams/generators.test.ts": [
        "names the right agent on tools below three nested generators",
      ],
    },
  },
  {
    row: 11,
    goal: "every way out of a stream ends one span",
    proofs: {
      "test/pains/01-stream-closed-early.test.ts": ["left by %s is one ended call, of the agent that asked"],
      "test/instrumentation/broken-streams.test.ts": [
        "that the server cuts ends as failed, and the caller gets the error",
      ],
      "test/instrumentation/helpers.test.ts": ["is one ended span with its tokens and its cost"],
    },
  },
  {
    row: 12,
    goal: "usage of streams as the provider says it, never estimated",
    proofs: {
      "test/pains/02-streaming-usage.test.ts": [
        "are the provider's own count, though the caller did not ask for it",
        "are unknown, with no cost, where the provider says none: nothing is estimated",
      ],
    },
    limits: ["What others estimated"],
  },
  {
    row: 13,
    goal: "time to the first chunk and per chunk",
    proofs: {
      "test/agent/chunk-times.test.ts": [
        "measures the first chunk from the request",
        "are counted as one time per output chunk for each chunk after the first",
      ],
    },
  },
  {
    row: 14,
    goal: "clients keep their shape",
    proofs: {
      "test/instrumentation/same-objects.test.ts": ["is the client's own promise class, openai"],
      "test/instrumentation/same-to-the-caller.test.ts": [
        "sends the same request, but for the usage of a stream",
      ],
      "test/agent/streams/clients.test.ts": ["gives answer and response together"],
    },
  },
  {
    row: 15,
    goal: "providers and frameworks",
    proofs: {
      "test/instrumentation/providers/clients.test.ts": [
        "makes one span of a plain call, with everything that the answer says",
      ],
      "test/frameworks/ai-sdk/ai-sdk.test.ts": ["describeFramework("],
      "test/frameworks/openai-agents/openai-agents.test.ts": ["describeFramework("],
      "test/frameworks/langchain/langchain.test.ts": ["describeFramework("],
      "test/frameworks/mcp/mcp.test.ts": [
        "is one trace: agent, request, answer, and the agent that the tool asks",
      ],
    },
  },
  {
    row: 16,
    goal: "one span for one model call, whoever tells of it",
    proofs: {
      "test/foreign/layers.test.ts": [
        "count it once, whichever they are, whoever knows its tokens, and in whatever order they end",
      ],
      "test/pains/03-cost-counted-twice.test.ts": [
        "LangChain's callbacks and the client below it are one call, as the provider counts",
      ],
      "test/frameworks/support/describe-framework.ts": [
        "exactly the spans, tokens and cost of what the provider has answered",
      ],
    },
  },
  {
    row: 17,
    goal: "counters and histograms of tokens",
    proofs: {
      "test/telemetry/call-metrics.test.ts": [
        "have the names, units and labels of the conventions, for a model call",
        "counts model calls that succeeded without usage",
      ],
    },
    limits: ["No zeros for failed calls"],
  },
  {
    row: 18,
    goal: "metrics of agents, tools and workflows",
    proofs: {
      "test/telemetry/call-metrics.test.ts": [
        "have the buckets of the conventions",
        "show every edge of the graph: caller, agent and error",
      ],
    },
  },
  {
    row: 19,
    goal: "the agent on model calls, tokens and cost, bounded",
    proofs: {
      "test/pains/20-per-agent-view.test.ts": [
        "is told of each agent: cost, tokens and calls, and who called it",
      ],
      "test/pains/16-metric-cardinality.test.ts": [
        "give a label at most 200 values and _OTHER, of agents with an id in their name none at all",
      ],
    },
  },
  {
    row: 20,
    goal: "an engine of costs",
    proofs: {
      "test/cost/golden-calls.test.ts": ["cost what their tokens cost, exactly: %s"],
      "test/cost/estimate-cost.test.ts": [
        "prices cache reads and writes of both lives: claude-sonnet-4 at 3, 15, .3, 3.75 and 6",
      ],
      "test/cost/prices.test.ts": ["wins over the price library, and leaves the other models to it"],
    },
    limits: ["List prices only"],
  },
  {
    row: 21,
    goal: "cost on model spans alone",
    proofs: {
      "test/instrumentation/openai-chat.test.ts": [
        "become one CLIENT span with all that the answer said, and nothing more",
      ],
      "test/pains/03-cost-counted-twice.test.ts": [
        "an agent's span with the sum of its steps adds nothing to the bill",
      ],
    },
    limits: ["One name for cost"],
  },
  {
    row: 22,
    goal: "a counter of cost by agent and model",
    proofs: { "test/telemetry/call-metrics.test.ts": ["keep tokens and cost exact, whatever the labels"] },
    limits: ["One name for cost"],
  },
  {
    row: 23,
    goal: "an unknown price is not 0",
    proofs: {
      "test/telemetry/call-metrics.test.ts": [
        "count a call with usage and without a price, and only such a one, as unpriced",
      ],
    },
  },
  {
    row: 24,
    goal: "metrics that sampling does not change",
    proofs: {
      "test/pains/18-sampling-and-cost.test.ts": [
        "the metrics say the same with no trace kept, a tenth of them and all",
      ],
    },
  },
  {
    row: 25,
    goal: "from numbers and log lines to traces",
    proofs: {
      "test/stack/dashboards.test.ts": ["leads from its exemplars to traces that Jaeger has"],
      "test/register/log-correlation.test.ts": [
        "has ids on the lines of pino and winston inside an agent (%s %s)",
      ],
    },
    limits: ["No exemplars from the SDK"],
  },
];
