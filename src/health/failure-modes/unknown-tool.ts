import type { Detector } from "./detector.ts";
import { ownerOf, type Step } from "./step.ts";

/** How programs and frameworks call the error when a model asks for a tool that is not there. */
const NO_SUCH_TOOL =
  /^(AI_)?(no_?such_?tool|tool_?not_?found|unknown_?tool|invalid_?tool_?name)(_?error|_?exception)?$/i;

/** A sign of FM-1.2: an agent uses a tool that it was not given (`tools`), or asks for one that does not exist. */
export function unknownTool(): Detector {
  return {
    mode: "unknown_tool",
    watch: (found) => ({
      began(step) {
        const agent = givenTo(step);
        if (agent?.tools === undefined || agent.tools.includes(step.name)) return;
        found(
          ownerOf(agent),
          { reason: "not_given", count: 1, limit: 0, names: [step.name], spanIds: idsOf(step) },
          agent,
        );
      },
      ended(step) {
        const type = step.end?.errorType;
        if (step.kind !== "tool" || type === undefined || !NO_SUCH_TOOL.test(type)) return;
        const evidence = { count: 1, limit: 0, names: [step.name], spanIds: idsOf(step) };
        found(ownerOf(step), { reason: "does_not_exist", ...evidence }, step.parent ?? step);
      },
    }),
  };
}

/** A handoff is the program's own step, and no tool of a list. */
function givenTo(step: Step): Step | undefined {
  return step.kind === "tool" && step.parent?.kind === "agent" ? step.parent : undefined;
}

function idsOf({ spanId }: Step): readonly string[] {
  return spanId === undefined ? [] : [spanId];
}
