import { trace } from "@opentelemetry/api";
import { redactSecrets } from "../../internal/redact/redact-secrets.ts";
import { cutText } from "../../internal/redact.ts";
import { safely } from "../../internal/warn-once.ts";
import * as names from "../../telemetry/semconv.ts";
import { toolGuardRejections } from "../../telemetry/tool-guard-rejections.ts";
import type { ToolRefusalReason } from "./tool-answer.ts";

const MAX_NAME = 64;
/** What the providers allow in a name. Anything else is a text of the model's. */
const NAME = /^[\w.:/-]{1,64}$/;

export interface RefusalFacts {
  readonly reason: ToolRefusalReason;
  /** As the model wrote it. */
  readonly requested: string;
  /** The known tool; `undefined` where there is none of that name. */
  readonly tool: string | undefined;
  readonly agent: string | undefined;
  readonly problems: readonly string[];
}

/** Thrown inside the span of the call, which becomes a failed one by it. Never reaches the program. */
export class ToolRefusal extends Error {
  /** Becomes `error.type`. */
  override readonly name: ToolRefusalReason;

  constructor(reason: ToolRefusalReason) {
    super("refused by the tool guard");
    this.name = reason;
  }
}

/** Counts a refusal, and marks it on the span that is active. Names of fields are told, values are not. */
export function tellRefusal({ reason, requested, tool, agent, problems }: RefusalFacts): void {
  safely("counting a refused tool call", () => {
    toolGuardRejections.count(agent, tool ?? names.VALUE_OTHER, reason);
  });
  safely("marking a refused tool call", () => {
    const span = trace.getActiveSpan();
    if (!span?.isRecording()) return;
    span.addEvent(names.EVENT_TOOL_GUARD_REJECTION, {
      [names.ATTR_TOOL_NAME]: tool ?? names.VALUE_OTHER,
      [names.ATTR_TOOL_GUARD_REASON]: reason,
      ...(tool === undefined && { [names.ATTR_TOOL_GUARD_REQUESTED]: telemetryName(requested) }),
      ...(agent !== undefined && { [names.ATTR_AGENT_NAME]: agent }),
      ...(problems.length > 0 && { [names.ATTR_TOOL_GUARD_FIELDS]: problems.map(fieldOf) }),
    });
  });
}

/** A name that a model made up, for a person to read: `_OTHER` where it is no name, or looks like a secret. */
function telemetryName(requested: string): string {
  return NAME.test(requested) && redactSecrets(requested) === requested ? requested : names.VALUE_OTHER;
}

/** A name as the model wrote it, for texts: cut, and without characters that a terminal or a model would follow. */
export function shownName(requested: string): string {
  return cutText(
    requested.slice(0, 4 * MAX_NAME).replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "\uFFFD"),
    MAX_NAME,
  );
}

function fieldOf(problem: string): string {
  const end = problem.indexOf(": ");
  return cutText(redactSecrets(end < 0 ? problem : problem.slice(0, end)), MAX_NAME);
}
