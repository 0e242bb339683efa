import { expect } from "vitest";
import type { Case } from "./program/cases.ts";
import type { ModelSpan, Ran } from "./run-program.ts";

const FINISH = "gen_ai.response.finish_reasons";
const COST = "gen_ai.usage.cost.amount";

/** Spans take their times from another clock than Date.now(). */
const CLOCKS_APART_MS = 20;

/** One cell of the matrix as it should be, in words: `one span, 31+7 tokens, cancelled`. */
export function promiseOf({ mode, expected }: Case): string {
  const { tokens, finish, failed, cancelled } = expected;
  const parts = [
    failed === true ? "one failed span" : "one span",
    tokens === undefined ? "no tokens" : `${tokens[0]}+${tokens[1]} tokens`,
    ...(mode === "stream" || finish !== undefined ? [finish ?? "no finish reason"] : []),
    ...(cancelled === true ? ["cancelled"] : []),
  ];
  return `${parts.join(", ")}, as seen without us`;
}

/** A cell's facts, from a run with us and one without; equal to what `expectedCell` says when all is well. */
export function actualCell(one: Case, watched: Ran, untouched: Ran): object {
  const mine = watched.outcomes.get(one.id);
  const theirs = untouched.outcomes.get(one.id);
  return {
    spans: watched.spans
      .filter(({ attributes }) => attributes["gen_ai.request.model"] === one.id)
      .map((span) => spanFacts(one, span, mine?.overMs ?? 0)),
    cancelled: mine?.cancelled,
    seen: mine?.seen,
    requests: mine?.requests,
    unhandled: mine?.unhandled,
    collected: mine?.collected,
    seenTwiceTheSame: theirs !== undefined && !theirs.seen.includes('"took too long"'),
  };
}

export function expectedCell({ id, api, mode, expected }: Case, untouched: Ran): object {
  const theirs = untouched.outcomes.get(id);
  const { tokens, finish, failed = false, cancelled = false, late = false } = expected;
  return {
    spans: [
      {
        name: `${api.operation} ${id}`,
        tokens,
        late: late ? expect.any(Boolean) : false,
        priced: tokens !== undefined,
        finish: finish === undefined ? undefined : [finish],
        failed: failed === "either" ? expect.any(Boolean) : failed,
        stream: mode === "stream" ? true : undefined,
      },
    ],
    cancelled: cancelled === "as without" ? cancelledAsWithout(late, theirs?.cancelled) : cancelled,
    seen: theirs?.seen,
    requests: theirs?.requests,
    unhandled: theirs?.unhandled,
    collected: true,
    seenTwiceTheSame: true,
  };
}

/** The connection of an answer that was only dropped is closed by the garbage collector, sooner in one run than in another. */
function cancelledAsWithout(dropped: boolean, theirs: boolean | undefined): unknown {
  return dropped ? expect.any(Boolean) : theirs;
}

function spanFacts({ api }: Case, span: ModelSpan, overMs: number): object {
  const { name, failed, endMs, attributes } = span;
  const input = attributes["gen_ai.usage.input_tokens"];
  // Embeddings have no output, and the conventions leave it out or 0.
  const output = attributes["gen_ai.usage.output_tokens"] ?? (api.operation === "embeddings" ? 0 : undefined);
  return {
    name,
    tokens: input === undefined ? undefined : [input, output],
    late: endMs > overMs + CLOCKS_APART_MS,
    priced: Number(attributes[COST] ?? 0) > 0,
    finish: attributes[FINISH],
    // Both or neither.
    failed:
      failed === (typeof attributes["error.type"] === "string") ? failed : "one of status and error.type",
    stream: attributes["gen_ai.request.stream"],
  };
}
