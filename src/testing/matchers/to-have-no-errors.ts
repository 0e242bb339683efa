import { printable } from "../../telemetry/format-trace-text.ts";
import { ATTR_ERROR_TYPE } from "../../telemetry/semconv.ts";
import { isFailed } from "../../telemetry/trace-span.ts";
import { type MatchResult, matchResult } from "./match-result.ts";
import { finishedSpansOf, type Traced } from "./traced.ts";

const MAX_SHOWN = 5;

/** Whether no span failed. A call that failed and was made again with success counts as an error. @throws Error while spans are open. */
export function toHaveNoErrors(traced: Traced): MatchResult {
  const spans = finishedSpansOf("toHaveNoErrors", traced);
  const failed = spans.filter(isFailed).map(({ name, attributes }) => {
    const type = attributes[ATTR_ERROR_TYPE];
    return printable(type === undefined ? name : `${name} (${String(type)})`, 120);
  });
  const more = failed.length > MAX_SHOWN ? ` and ${failed.length - MAX_SHOWN} more` : "";
  const found =
    failed.length === 0 ? "no span failed" : `failed: ${failed.slice(0, MAX_SHOWN).join(", ")}${more}`;
  return matchResult(spans, failed.length === 0, "to have no errors", found);
}
