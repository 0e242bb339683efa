import { loopbackServer } from "./loopback-server.ts";
import { handleRequest } from "./request-handler.ts";
import { RequestLog } from "./request-log.ts";
import { Script, type ScriptedAnswerInput, type ScriptedRespond } from "./script.ts";
import type { ReceivedRequest } from "./scripted-request.ts";

export interface ScriptedProviderOptions {
  /**
   * Answers what no queued answer is left for. What it throws becomes a 500 of type `script_error` that clients do not retry.
   * @default answers "ok"
   */
  readonly respond?: ScriptedRespond;
  /** What `GET /v1/models` lists. @default none */
  readonly models?: readonly string[];
  /** Milliseconds since the epoch, for the timestamps in answers. @default 2026-01-01T00:00:00Z, always */
  readonly now?: () => number;
  /** @default 0, any free port */
  readonly port?: number;
  /** Larger request bodies are refused with 413. @default 10 MiB */
  readonly maxBodyBytes?: number;
  /** Whether the process may end while the server runs. @default false */
  readonly unref?: boolean;
}

export interface ScriptedProvider extends AsyncDisposable {
  /** `http://127.0.0.1:{port}` */
  readonly url: string;
  /** For `new OpenAI({ baseURL })`. */
  readonly openaiBaseUrl: string;
  /** For `new Anthropic({ baseURL })`. */
  readonly anthropicBaseUrl: string;
  /** Every request so far, retries too, in order of arrival. */
  readonly requests: readonly ReceivedRequest[];
  /** Answers that come before `respond`, each used once, in order of the requests' arrival. @throws when one cannot be played */
  queue(...answers: readonly ScriptedAnswerInput[]): void;
  /**
   * The request of that number (from 0), as soon as it has arrived: what to wait for before cancelling it.
   * @throws Error when the server is closed before
   */
  received(sequence: number): Promise<ReceivedRequest>;
  /** Stops listening and cuts every connection. Safe to call twice. */
  close(): Promise<void>;
}

const FIXED_NOW_MS = Date.UTC(2026, 0, 1);
const TEN_MEBIBYTES = 10 * 1024 * 1024;

/**
 * Starts an HTTP server on 127.0.0.1 that speaks the protocols of OpenAI (chat completions, responses, embeddings) and
 * Anthropic (messages), streams included, so that their real clients can be tested without a model, a key or a network.
 * What it answers is scripted, faults included; nothing in an answer is random.
 *
 * @throws Error when the port is taken.
 */
export async function scriptedProvider(options: ScriptedProviderOptions = {}): Promise<ScriptedProvider> {
  const script = new Script(options.respond);
  const log = new RequestLog();
  const handlerOptions = {
    script,
    log,
    models: options.models ?? [],
    now: options.now ?? (() => FIXED_NOW_MS),
    maxBodyBytes: options.maxBodyBytes ?? TEN_MEBIBYTES,
    ref: options.unref !== true,
  };
  const server = await loopbackServer(
    (request, response) => void handleRequest(request, response, handlerOptions),
    options,
  );
  const { url } = server;
  const close = () => {
    log.close();
    return server.close();
  };
  return {
    url,
    openaiBaseUrl: `${url}/v1`,
    anthropicBaseUrl: url,
    requests: log.requests,
    queue: (...answers) => script.queue(answers),
    received: (sequence) => log.received(sequence),
    close,
    [Symbol.asyncDispose]: close,
  };
}
