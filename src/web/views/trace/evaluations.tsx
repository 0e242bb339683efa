import type { TraceEvaluation } from "../../../server/api/traces.ts";
import { Badge } from "../../ui/badge.tsx";
import { Time } from "../../ui/facts.tsx";

/** What evaluators said of one span. Neutral in colour: which scores are good only the evaluator knows. */
export function Evaluations({ list }: { readonly list: readonly TraceEvaluation[] }) {
  if (list.length === 0) return null;
  return (
    <>
      <h4>Evaluations</h4>
      <ul class="evaluations">
        {list.map((evaluation, index) => (
          // Evaluations have no ids and never move.
          <li key={index}>
            <div class="evaluation-head">
              <bdi>{evaluation.name}</bdi>
              {evaluation.score !== null && (
                <strong class="evaluation-score">{scoreText(evaluation.score)}</strong>
              )}
              {evaluation.label !== null && (
                <Badge tone="info">
                  <bdi>{evaluation.label}</bdi>
                </Badge>
              )}
              <span class="muted">
                <Time at={evaluation.time} />
              </span>
            </div>
            {evaluation.explanation !== null && (
              <p>
                <bdi>{evaluation.explanation}</bdi>
              </p>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

/** Its score, or its label: short enough to stand beside the name of a span. */
export function verdictText({ score, label }: TraceEvaluation): string {
  return score === null ? (label ?? "–") : scoreText(score);
}

/** One evaluation in a line. */
export function evaluationText({ name, score, label }: TraceEvaluation): string {
  return [name, score === null ? undefined : scoreText(score), label].filter(Boolean).join(" ");
}

function scoreText(score: number): string {
  return score.toLocaleString("en-US", { maximumSignificantDigits: 4 });
}
