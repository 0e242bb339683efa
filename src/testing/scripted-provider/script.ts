import { checkAnswer } from "./check-answer.ts";
import type { ScriptedAnswer } from "./scripted-answer.ts";
import type { ScriptedRequest } from "./scripted-request.ts";

/** An answer, or its text alone. */
export type ScriptedAnswerInput = ScriptedAnswer | string;

export type ScriptedRespond = (
  request: ScriptedRequest,
) => ScriptedAnswerInput | Promise<ScriptedAnswerInput>;

/** Decides what is answered: what was queued, in order; then the function; then "ok". */
export class Script {
  readonly #queued: ScriptedAnswer[] = [];
  readonly #respond: ScriptedRespond;

  constructor(respond: ScriptedRespond = () => ({})) {
    this.#respond = respond;
  }

  /** @throws TypeError or RangeError for an answer that cannot be played. Then none of them is queued. */
  queue(answers: readonly ScriptedAnswerInput[]): void {
    this.#queued.push(...answers.map(checked));
  }

  async next(request: ScriptedRequest): Promise<ScriptedAnswer> {
    return this.#queued.shift() ?? checked(await this.#respond(request));
  }
}

function checked(input: ScriptedAnswerInput): ScriptedAnswer {
  const answer = typeof input === "string" ? { text: input } : input;
  checkAnswer(answer);
  return answer;
}
