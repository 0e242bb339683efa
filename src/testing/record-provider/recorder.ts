import { setTimeout as delay } from "node:timers/promises";
import { RecordingUnusableError } from "../../errors/recording-unusable-error.ts";
import { redactMessage } from "../../internal/redact.ts";
import type { Wire } from "../scripted-provider/wire.ts";
import type { AnswerBook } from "./answer-book.ts";
import { askUpstream, type LiveRequest } from "./ask-upstream.ts";
import type { CleanText } from "./clean-json.ts";
import { recordedAnswer } from "./recorded-answer.ts";
import type { RecordedRequest } from "./recording.ts";
import { writeRecording } from "./recording-file.ts";

export interface RecorderOptions {
  readonly file: string;
  readonly book: AnswerBook;
  readonly clean: CleanText;
  readonly maxAnswerBytes: number;
  readonly timeoutMs: number;
}

/** How long answers are read to their end that nobody waits for any more. */
const GRACE_MS = 10_000;

/** Asks the provider, writes down what it answers, and knows what it could not write down. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #underWay = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  readonly #problems: string[] = [];
  #saving: Promise<void> = Promise.resolve();

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /** @throws what {@link askUpstream} throws; nothing is recorded then. */
  async ask(url: URL, live: LiveRequest, request: RecordedRequest, wire: Wire): Promise<void> {
    const asking = this.#ask(url, live, request, wire);
    const settled = asking.catch(() => {});
    this.#underWay.add(settled);
    try {
      await asking;
    } finally {
      this.#underWay.delete(settled);
    }
  }

  /** @throws RecordingUnusableError where an answer is not in the file. */
  async close(): Promise<void> {
    const given = new AbortController();
    await Promise.race([
      Promise.all(this.#underWay),
      delay(GRACE_MS, undefined, { signal: given.signal, ref: false }).catch(() => {}),
    ]);
    given.abort();
    if (this.#underWay.size > 0) this.#problems.push(`${this.#underWay.size} answers were still coming`);
    this.#closing.abort();
    await this.#saving;
    if (this.#problems.length === 0) return;
    throw new RecordingUnusableError(this.#options.file, `is not complete: ${this.#problems.join("; ")}`);
  }

  async #ask(url: URL, live: LiveRequest, request: RecordedRequest, wire: Wire): Promise<void> {
    const { book, clean, maxAnswerBytes, timeoutMs } = this.#options;
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), this.#closing.signal]);
    const answer = await askUpstream(url, live, wire, maxAnswerBytes, signal);
    if (!isWorthKeeping(answer.status)) return;
    try {
      if (answer.bytes === undefined) throw new RangeError(`an answer has more than ${maxAnswerBytes} bytes`);
      book.add(request, recordedAnswer(answer.status, answer.headers, answer.bytes, clean));
    } catch (error) {
      this.#problems.push(messageOf(error));
      return;
    }
    await this.#save();
  }

  /** After each answer, one at a time: a test that is killed has paid for those before. */
  #save(): Promise<void> {
    const { file, book } = this.#options;
    this.#saving = this.#saving
      .then(() => writeRecording(file, book.exchanges()))
      .catch((error: unknown) => void this.#problems.push(messageOf(error)));
    return this.#saving;
  }
}

/** A missing key, a limit or an outage says nothing of the model, and clients try again by themselves. */
function isWorthKeeping(status: number): boolean {
  return status < 500 && ![401, 403, 408, 409, 429].includes(status);
}

function messageOf(error: unknown): string {
  return redactMessage(error instanceof Error ? error.message : String(error));
}
