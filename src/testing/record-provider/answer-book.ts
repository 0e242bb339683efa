import { createHash } from "node:crypto";
import { canonicalJson } from "./canonical-json.ts";
import type { RecordedAnswer, RecordedExchange, RecordedRequest } from "./recording.ts";

/** Changes a cleaned body before it is compared: what differs from run to run goes. */
export type NormalizeBody = (body: unknown) => unknown;

interface Page {
  readonly request: RecordedRequest;
  readonly answers: RecordedAnswer[];
  /** Answers that were given. */
  given: number;
}

const MAX_EXCHANGES = 10_000;
const MAX_ANSWERS = 100;

/** Recorded answers by what they answer. Equal requests get them in the order in which they came, then the last one again. */
export class AnswerBook {
  readonly #pages = new Map<string, Page>();
  readonly #normalize: NormalizeBody;

  constructor(exchanges: readonly RecordedExchange[], normalize: NormalizeBody) {
    this.#normalize = normalize;
    for (const { request, answers } of exchanges) for (const answer of answers) this.add(request, answer);
  }

  get requests(): readonly RecordedRequest[] {
    return [...this.#pages.values()].map(({ request }) => request);
  }

  /** @throws RangeError past 10,000 different requests, or 100 answers of one: a recording is a test's, not a day's. */
  add(request: RecordedRequest, answer: RecordedAnswer): void {
    const key = this.#keyOf(request);
    const page = this.#pages.get(key) ?? { request, answers: [], given: 0 };
    if (
      page.answers.length >= MAX_ANSWERS ||
      (this.#pages.size >= MAX_EXCHANGES && page.answers.length === 0)
    ) {
      throw new RangeError(
        `recordProvider: at most ${MAX_EXCHANGES} requests with ${MAX_ANSWERS} answers each are recorded`,
      );
    }
    page.answers.push(answer);
    this.#pages.set(key, page);
  }

  next(request: RecordedRequest): RecordedAnswer | undefined {
    const page = this.#pages.get(this.#keyOf(request));
    return page?.answers[Math.min(page.given++, page.answers.length - 1)];
  }

  /** In an order that does not depend on who asked first: by path and model, short requests before long ones, as turns come. */
  exchanges(): RecordedExchange[] {
    return [...this.#pages.values()]
      .map(({ request, answers }) => ({ request, answers, text: canonicalJson(request.body) }))
      .sort(
        (one, other) =>
          compare(one.request.path, other.request.path) ||
          compare(one.request.model ?? "", other.request.model ?? "") ||
          one.text.length - other.text.length ||
          compare(one.text, other.text) ||
          compare(one.request.method, other.request.method),
      )
      .map(({ request, answers }) => ({ request, answers }));
  }

  #keyOf({ method, path, model, body }: RecordedRequest): string {
    return createHash("sha256")
      .update(canonicalJson([method, path, model, this.#normalize(body)]))
      .digest("hex");
  }
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
