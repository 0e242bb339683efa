import { MARKS, type SpanDeclaration } from "./span.ts";
import { CALL, GENAI_SPANS, MADE_BY } from "./spans-genai.ts";
import { MCP_SPANS } from "./spans-mcp.ts";

/** Every kind of span that the package makes. */
export const SPANS: readonly SpanDeclaration[] = [
  ...MCP_SPANS,
  ...GENAI_SPANS,
  {
    type: "agents.evaluation",
    kind: "internal",
    brief: "An evaluation of a span that had ended, right below it.",
    names: ["evaluate {gen_ai.evaluation.name}"],
    when: { startsWith: "evaluate " },
    required: ["ATTR_EVALUATION_NAME"],
    recommended: ["ATTR_AGENT_NAME"],
  },
  {
    type: "agents.guardrail",
    kind: "internal",
    brief: "A guardrail of a framework that looked at what an agent was asked or answered.",
    names: ["guardrail {agents.guardrail.name}"],
    when: { startsWith: "guardrail " },
    required: ["ATTR_GUARDRAIL_NAME"],
    recommended: ["ATTR_GUARDRAIL_TRIGGERED", ...CALL, ...MADE_BY],
  },
  {
    type: "agents.fallback",
    kind: "internal",
    brief: "A fallback that answers in place of a call that failed or was refused.",
    names: ["fallback {agents.fallback.kind}"],
    when: { startsWith: "fallback " },
    required: ["ATTR_FALLBACK_KIND", "ATTR_FALLBACK_OUTCOME"],
    recommended: [
      "ATTR_BREAKER_NAME",
      "ATTR_FALLBACK_CONFIDENCE",
      "ATTR_FALLBACK_AGE",
      "ATTR_FALLBACK_TICKET",
      ...MARKS,
    ],
  },
  {
    type: "agents.workflow.step",
    kind: "internal",
    brief: "An attempt at a step of a checkpointed workflow.",
    names: ["workflow_step {agents.workflow.step.name}"],
    when: { startsWith: "workflow_step " },
    required: [
      "ATTR_WORKFLOW_NAME",
      "ATTR_WORKFLOW_ID",
      "ATTR_WORKFLOW_STEP",
      "ATTR_WORKFLOW_STEP_INDEX",
      "ATTR_WORKFLOW_ATTEMPT",
      "ATTR_WORKFLOW_OUTCOME",
    ],
    recommended: ["ATTR_ERROR_TYPE", ...MARKS],
  },
  {
    type: "agents.dead_letter.replay",
    kind: "internal",
    brief: "A replay of a dead letter, which links to where it was put in.",
    names: ["replay_dead_letter {agents.task.type}"],
    when: { startsWith: "replay_dead_letter " },
    required: [
      "ATTR_DEAD_LETTER_QUEUE",
      "ATTR_TASK_TYPE",
      "ATTR_DEAD_LETTER_ATTEMPT",
      "ATTR_DEAD_LETTER_OUTCOME",
    ],
    recommended: MARKS,
  },
];
