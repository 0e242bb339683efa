import type { GoalRow } from "./goal-row.ts";

/** What is kept private and bounded, what holds agents, and what runs around it. */
export const OPERATION_ROWS: readonly GoalRow[] = [
  {
    row: 26,
    goal: "content off by default, in four modes",
    proofs: {
      "test/instrumentation/content-modes.test.ts": [
        "is nowhere by default",
        "is in both with SPAN_AND_EVENT",
      ],
      "test/pains/15-pii-by-default.test.ts": [
        "nothing of prompts, answers and tools is in spans, records, events or metrics by default",
      ],
    },
    limits: ["No upload of content", "Deletion"],
  },
  {
    row: 27,
    goal: "redaction before the span, and closed when it fails",
    proofs: {
      "test/faults/canaries.test.ts": [
        "are in no span, spool, event, metric, diagnostic, run line or trace file",
      ],
      "test/internal/redact/user-redaction.test.ts": ["that %s replaces the text whole"],
    },
  },
  {
    row: 28,
    goal: "attributes of bounded size, the new part of a history alone",
    proofs: {
      "test/pains/13-huge-attributes.test.ts": [
        "recorded on the spans, each text is there once: as large as the conversation, not as all requests",
        "one giant history, arguments and results stay below a limit, and are JSON all the same",
      ],
    },
  },
  {
    row: 29,
    goal: "bounded series",
    proofs: {
      "test/pains/16-metric-cardinality.test.ts": [
        "make at most a thousand series of an instrument, and the rest is one more",
      ],
      "test/faults/cardinality.test.ts": ["leave all totals exact"],
    },
  },
  {
    row: 30,
    goal: "conversation, user and tags, across services where asked",
    proofs: {
      "test/agent/conversation.test.ts": [
        "puts its id on every agent, tool and model span below, also after an await",
      ],
      "test/agent/session.test.ts": [
        "stands on every workflow, agent, tool and model span below, also after an await",
        "is in no call record but for the conversation, as records become metrics",
      ],
      "test/pipeline/propagation/session-processes.test.ts": [
        "goes to listed hosts alone, with listed fields alone",
        "is not believed where the caller is not trusted",
      ],
    },
  },
  {
    row: 31,
    goal: "Model Context Protocol: context both ways, spans and metrics",
    proofs: {
      "test/frameworks/mcp/mcp.test.ts": [
        "counts how long requests and sessions took",
        "sees what a server asks of its client",
      ],
      "test/pains/11-mcp-process-boundary.test.ts": [
        "with agent-otel/mcp on both sides the agent in the server is in the trace of the one that called its tool",
      ],
    },
  },
  {
    row: 32,
    goal: "breakers for each agent, seen and alerted on",
    proofs: {
      "test/resilience/breaker-metrics.test.ts": ["count transitions by from, to and reason"],
      "test/resilience/on-failure.test.ts": [
        "a refusal and a transition are events on the span of who called",
      ],
      "test/stack/alerts.test.ts": ["fire for what programs, collector and Jaeger do, and end with it"],
    },
  },
  {
    row: 33,
    goal: "a health score from 0 to 100",
    proofs: {
      "test/health/health-score.test.ts": [
        "is a whole number from 0 to 100 where there is data, and else unknown",
      ],
      "test/health/health-monitor.test.ts": [
        "tells the score and its components as gauges, and nothing of agents of which nothing is known",
      ],
    },
    limits: ["No hysteresis in the score"],
  },
  {
    row: 34,
    goal: "cascade guard, rate limits, budgets and cost guard, each with its metrics",
    proofs: {
      "test/resilience/guard/telemetry.test.ts": [
        "say how many fields readers get null for now, by the node that wrote them",
      ],
      "test/resilience/rate-limit/telemetry.test.ts": [
        "count what was let through and what was refused, by reason",
      ],
      "test/spend/token-budget/token-budget-telemetry.test.ts": ["what is used, by agent"],
      "test/pains/20-per-agent-view.test.ts": ["its budget is two gauges and a count of refusals"],
    },
    limits: ["Calls that nobody sees"],
  },
  {
    row: 35,
    goal: "dead letters, queues, checkpoints and shared state, with links across a resume",
    proofs: {
      "test/work/work-metrics.test.ts": ["say how many wait, by priority, run, and may run"],
      "test/work/dead-letter-telemetry.test.ts": [
        "link a replay to the first trace, under the span of the operator, with no payload",
      ],
      "test/work/workflow/workflow-telemetry.test.ts": [
        "of a resumed run link to the one that ran it before",
      ],
      "test/memory/shared-state-metrics.test.ts": ["count a session as one commit"],
    },
    limits: ["Spans that are not made"],
  },
  {
    row: 36,
    goal: "the interaction graph, exact at any sampling",
    proofs: {
      "test/health/interaction-graph.test.ts": ["has the edges that a recount of all calls has"],
      "test/stack/truth.test.ts": ["calls from caller to agent"],
      "test/grafana/dashboards/node-graph.test.ts": [
        "makes a node of both ends of the very edges that it draws",
      ],
    },
  },
  {
    row: 37,
    goal: "a collector's configuration that its own program validates",
    proofs: {
      "test/contract/shipped/collector.test.ts": [
        "keeps spans in a queue on disk until they are delivered, however old they are",
      ],
      "test/stack/collector.test.ts": [
        "loses no trace that it acknowledged: Jaeger down, the collector killed in full flow, both back",
      ],
      "test/stack/check-shipped.test.ts": ["what operators mount"],
    },
    limits: ["Not proven"],
  },
  {
    row: 38,
    goal: "dashboards whose every query returns data",
    proofs: {
      "test/stack/dashboards.test.ts": ["has data in every query, annotations included, with all chosen"],
      "test/pains/17-dashboards-without-data.test.ts": ["%s asks for what a recorded run has"],
    },
    limits: ["Not proven"],
  },
  {
    row: 39,
    goal: "alert rules",
    proofs: {
      "test/stack/rules.test.ts": ["do what %s says"],
      "test/stack/alerts.test.ts": ["had texts with the numbers filled in"],
    },
  },
  {
    row: 40,
    goal: "whatever throws in telemetry changes no result",
    proofs: {
      "test/instrumentation/everything-throws.test.ts": [
        "results stay byte for byte what they are without us",
      ],
      "test/faults/host-safety/host-handles.test.ts": ["a shutdown leaves neither timer nor socket"],
    },
  },
  {
    row: 41,
    goal: "flush and waitUntil, bounded",
    proofs: {
      "test/pains/12-serverless-flush.test.ts": [
        "with waitUntil all of the first request is out before the freeze, its cost too",
        "a collector that hangs holds the platform for some seconds at most",
      ],
    },
  },
  {
    row: 42,
    goal: "a bounded spool on disk, with replay",
    proofs: {
      "test/faults/spool-kill.test.ts": ["lose no acknowledged frame, and every restart opens the spool"],
      "test/faults/outage/shutdown.test.ts": [
        "loses nothing: what was not delivered the next process delivers",
      ],
    },
  },
  {
    row: 43,
    goal: "100,000 calls leave the heap as it was",
    proofs: {
      "test/faults/many-calls.test.ts": ["end every span"],
      "test/pains/14-memory-leaks.test.ts": [
        "a thousand calls that were left, aborted, never read or not sampled leave nothing in the heap",
      ],
    },
  },
  {
    row: 44,
    goal: "bundlers",
    proofs: {
      "test/stack/bundlers/bundlers.test.ts": [
        "has every span with start() and observe(), all in one file",
        "is told once by register that its clients cannot be seen",
      ],
    },
    limits: ["Clients inside a bundle"],
  },
  {
    row: 45,
    goal: "tests over providers and versions, and for those who test agents",
    proofs: {
      "test/clients/matrix.test.ts": ["makes no span beside those"],
      "test/foreign/recorded-spans.test.ts": ["become records that are true, each call once"],
      "test/testing/record-provider/roundtrip.test.ts": [
        "answers any questions in any order as the provider did",
      ],
    },
    limits: ["Answers of providers"],
  },
  {
    row: 46,
    goal: "evaluations",
    proofs: {
      "test/agent/evaluation/evaluation.test.ts": [
        "is an event of the active span, with the conventions' attributes",
      ],
    },
  },
];
