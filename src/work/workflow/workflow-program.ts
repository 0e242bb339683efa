import type { WorkflowProgram } from "../../errors/workflow-changed-error.ts";
import type { RunRecord } from "../../stores/checkpoints/checkpoint-store.ts";

/** As it is kept with a run, and compared. */
export function programText({ version, steps }: Omit<WorkflowProgram, "workflow">): string {
  return JSON.stringify({ version, steps });
}

/** The program that began a run; with what can be read of it where others have changed it. */
export function programOf({ workflow, program }: Pick<RunRecord, "workflow" | "program">): WorkflowProgram {
  const { version, steps } = read(program);
  return {
    workflow,
    version: typeof version === "string" ? version : "",
    steps: Array.isArray(steps) ? steps.map(String) : [],
  };
}

function read(text: string): { readonly version?: unknown; readonly steps?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
