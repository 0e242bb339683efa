import { CheckpointDamagedError } from "../../errors/checkpoint-damaged-error.ts";
import { isPlainObject, jsonText, parseJson } from "../../internal/plain-json.ts";
import type { RunRecord, StepRecord } from "../../stores/checkpoints/checkpoint-store.ts";

/** What a workflow works on: an object of plain JSON. */
export type WorkflowState = Record<string, unknown>;

/** Of the state that a run begins with, and of what one step returns, as JSON. */
const MAX_BYTES = 1_048_576;

/**
 * @param what Begins the message, as `workflow "research": step "search": result`.
 * @returns Its JSON.
 * @throws TypeError where it is no object of plain JSON, with the path to the bad part; RangeError where it is too large.
 */
export function stateText(what: string, value: unknown): string {
  if (!isPlainObject(value))
    throw new TypeError(`${what} must be an object of plain JSON, got ${kindOf(value)}`);
  return jsonText(what, value, { maxBytes: MAX_BYTES });
}

/**
 * The state after the steps that are committed: each adds its fields to those before, and what it says of a field counts.
 *
 * @throws CheckpointDamagedError where a store holds something else.
 */
export function stateOf(
  run: RunRecord,
  steps: readonly Pick<StepRecord, "name" | "output">[],
): WorkflowState {
  const state = read(run, "its first state", run.initial);
  for (const { name, output } of steps)
    Object.assign(state, read(run, `the result of step ${JSON.stringify(name)}`, output));
  return state;
}

function read({ id }: RunRecord, what: string, text: string): WorkflowState {
  try {
    const value = parseJson(what, text, { maxBytes: MAX_BYTES });
    if (!isPlainObject(value)) throw new TypeError(`${what} must be an object, got ${kindOf(value)}`);
    return value;
  } catch (error) {
    const reason = error instanceof SyntaxError ? `${what} is no JSON` : (error as Error).message;
    throw new CheckpointDamagedError(id, reason, undefined, error);
  }
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object"
    ? `an object of ${value.constructor?.name || "a class"}`
    : `a ${typeof value}`;
}
