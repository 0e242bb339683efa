import { checkBetween, checkWhole } from "../../internal/check-number.ts";
import { COMPLEXITIES, type Complexity } from "./complexity.ts";
import type { RouterDecision } from "./router-decision.ts";

/** A call that a model is wanted for. */
export interface RouteTask {
  readonly complexity: Complexity;
  /** Expected. */
  readonly inputTokens: number;
  /** Expected at most: what is asked of the model as its limit. */
  readonly outputTokens: number;
  readonly needs?: { readonly tools?: boolean; readonly vision?: boolean };
  /** For all output, milliseconds. @default none */
  readonly maxLatencyMs?: number;
  /**
   * The decision of the call before, in a loop of tool calls: its model is kept, whatever it costs, since another model would have to
   * make sense of calls that it did not make. Where it cannot take this call, the task is refused.
   */
  readonly continues?: RouterDecision;
  /** With `continues`: where its model cannot take this call, another may. @default false */
  readonly allowSwitch?: boolean;
  /** Decisions whose models are not taken again: those that have failed already. */
  readonly except?: readonly RouterDecision[];
}

const MAX_TOKENS = 1e12;
const MAX_MS = 31_536_000_000;

/** @throws RangeError or TypeError that names the option, what it allows and the value. */
export function checkTask({
  complexity,
  inputTokens,
  outputTokens,
  needs,
  maxLatencyMs,
  allowSwitch,
}: RouteTask): void {
  checkWhole("modelRouter: complexity", complexity, 1, COMPLEXITIES);
  checkTokens({ inputTokens, outputTokens });
  if (maxLatencyMs !== undefined) checkBetween("modelRouter: maxLatencyMs", maxLatencyMs, 0, MAX_MS);
  for (const [name, value] of [
    ["needs.tools", needs?.tools],
    ["needs.vision", needs?.vision],
    ["allowSwitch", allowSwitch],
  ] as const) {
    if (value !== undefined && typeof value !== "boolean")
      throw new TypeError(`modelRouter: ${name} must be true or false, got ${String(value)}`);
  }
}

/** @throws RangeError as above. */
export function checkTokens({
  inputTokens,
  outputTokens,
}: Pick<RouteTask, "inputTokens" | "outputTokens">): void {
  checkWhole("modelRouter: inputTokens", inputTokens, 0, MAX_TOKENS);
  checkWhole("modelRouter: outputTokens", outputTokens, 0, MAX_TOKENS);
}
