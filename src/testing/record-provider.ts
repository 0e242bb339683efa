import { fileURLToPath } from "node:url";
import type { NotRecordedError } from "../errors/not-recorded-error.ts";
import { RecordingUnusableError } from "../errors/recording-unusable-error.ts";
import { checkWhole } from "../internal/check-number.ts";
import { AnswerBook, type NormalizeBody } from "./record-provider/answer-book.ts";
import { answerRecorded } from "./record-provider/answer-recorded.ts";
import { cleanText } from "./record-provider/clean-text.ts";
import { type RecordMode, recordModeOf } from "./record-provider/record-mode.ts";
import { Recorder } from "./record-provider/recorder.ts";
import { readRecording } from "./record-provider/recording-file.ts";
import { Upstream } from "./record-provider/upstream.ts";
import { loopbackServer } from "./scripted-provider/loopback-server.ts";
import { RequestLog } from "./scripted-provider/request-log.ts";
import type { ScriptedProvider } from "./scripted-provider.ts";

export type { NormalizeBody } from "./record-provider/answer-book.ts";
export type { RecordMode } from "./record-provider/record-mode.ts";

export interface RecordProviderOptions {
  /**
   * The real provider: `openai`, `anthropic`, or a URL; what is asked of `{url}/path` is asked of `{upstream}/path`, with the client's own
   * key. Nothing is ever sent elsewhere, and in replay nothing is sent at all.
   */
  readonly upstream: "openai" | "anthropic" | (string & {}) | URL;
  /** Where the answers are kept: a path, or a `file:` URL as `new URL("./x.json", import.meta.url)`. Give each test its own. */
  readonly file: string | URL;
  /** @default `AGENT_OTEL_RECORD`: `1` is `record`, `auto` is `auto`, else `replay` */
  readonly mode?: RecordMode;
  /** Takes more out of each text of requests and answers, before our own rules. Its results must be left alone by itself. */
  readonly redact?: (text: string) => string;
  /** Makes equal what differs from run to run, as a date in a prompt: gets the cleaned body, returns what is compared. */
  readonly normalize?: NormalizeBody;
  /** An answer that takes longer is given up, in milliseconds. @default 300_000 */
  readonly timeoutMs?: number;
  /** Larger requests are refused with 413, larger answers not recorded. @default 10 MiB */
  readonly maxBodyBytes?: number;
}

/** A provider on this machine that gives recorded answers. */
export interface RecordedProvider
  extends Pick<ScriptedProvider, "url" | "openaiBaseUrl" | "anthropicBaseUrl" | "requests" | "received">,
    AsyncDisposable {
  readonly mode: RecordMode;
  /** Requests that the file has no answer to. A program that swallows their errors leaves them here. */
  readonly misses: readonly NotRecordedError[];
  /**
   * Stops listening. Safe to call twice. In `record` and `auto` it reads answers to their end that nobody waits for any more, for at most
   * 10 seconds.
   *
   * @throws RecordingUnusableError where an answer is not in the file.
   */
  close(): Promise<void>;
}

const TEN_MEBIBYTES = 10 * 1024 * 1024;
const MAX_TIMEOUT_MS = 3_600_000;

/**
 * Real answers of a model, recorded once to a file and given again and again: the same request (method, path, model and body, whatever the
 * order of its keys) gets the same answer, a stream event by event. Another request fails with 400 and an error that shows the
 * nearest recorded one.
 *
 * The file is JSON for people and for git, in an order that does not depend on who asked first. It has no headers of requests, of answers the
 * content type alone; keys, tokens, e-mail addresses, ids of organisations, users and requests in the bodies become `[redacted]`. What is
 * said in prompts and answers is in it. Answers of 401, 403, 408, 409, 429 and from 500 on are handed on and not recorded.
 *
 * @throws RecordingUnusableError in replay where the file is not there; in replay and auto where it is damaged. TypeError or RangeError
 *   for an option that is unfit.
 */
export async function recordProvider(options: RecordProviderOptions): Promise<RecordedProvider> {
  const { redact = (text) => text, normalize = (body) => body } = options;
  const upstream = new Upstream(options.upstream);
  const mode = recordModeOf(options.mode);
  const timeoutMs = checkWhole("recordProvider: timeoutMs", options.timeoutMs ?? 300_000, 1, MAX_TIMEOUT_MS);
  const maxBodyBytes = checkWhole("recordProvider: maxBodyBytes", options.maxBodyBytes ?? TEN_MEBIBYTES, 1);
  const file = pathOf(options.file);
  const recorded = mode === "record" ? [] : await readRecording(file);
  if (recorded === undefined && mode === "replay") {
    throw new RecordingUnusableError(
      file,
      "does not exist; record it with AGENT_OTEL_RECORD=1 and a key of the provider",
    );
  }
  const clean = (text: string) => cleanText(redact(text));
  const book = new AnswerBook(recorded ?? [], normalize);
  const recorder = new Recorder({ file, book, clean, maxAnswerBytes: maxBodyBytes, timeoutMs });
  const log = new RequestLog();
  const misses: NotRecordedError[] = [];
  const answering = { file, mode, book, recorder, upstream, clean, log, misses, maxBodyBytes };
  const server = await loopbackServer(
    (request, response) => void answerRecorded(request, response, answering),
  );
  let closed: Promise<void> | undefined;
  const closeAll = async () => {
    log.close();
    await server.close();
    await recorder.close();
  };
  const close = () => {
    closed ??= closeAll();
    return closed;
  };
  return {
    url: server.url,
    openaiBaseUrl: `${server.url}/v1`,
    anthropicBaseUrl: server.url,
    mode,
    misses,
    requests: log.requests,
    received: (sequence) => log.received(sequence),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function pathOf(file: string | URL): string {
  if (file instanceof URL) return fileURLToPath(file);
  if (typeof file === "string" && file !== "") return file.startsWith("file:") ? fileURLToPath(file) : file;
  throw new TypeError(`recordProvider: file must be a path or a file: URL, got ${JSON.stringify(file)}`);
}
