import { type ClientRequest, type Agent as HttpAgent, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { context } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import type { Outcome, Sender } from "../delivery.ts";
import type { Frame } from "../frame-queue.ts";
import { dropIdle, keepAliveAgent, stopKeeping } from "./agent.ts";
import { type Deadline, type Ending, startDeadline } from "./deadline.ts";
import { type Exchange, exchange } from "./exchange.ts";
import { ExitWatch } from "./exit-watch.ts";
import { cleanText, secretsIn } from "./hide-own-secrets.ts";
import { checkedOptions, checkHeaders, type HttpSenderOptions, type SenderSettings } from "./options.ts";
import { outcomeOf } from "./outcome.ts";
import { type HeaderValues, requestHeaders } from "./request-headers.ts";
import { requestBytes } from "./request-size.ts";

export type { CertificateOptions, HttpSenderOptions } from "./options.ts";

/**
 * Sends requests over OTLP/HTTP in protobuf, and says what became of each as the OTLP specification 1.11 has it.
 *
 * Its timers, its idle connections and the answers that it waits for do not keep the process alive: whoever awaits a flush
 * holds the process by the timer of that flush.
 *
 * @param exitWatch One for all senders that are used together: it must know of every call, to see that nothing else is there.
 * @throws TypeError or RangeError that names a wrong option, without any secret.
 */
export function httpSender(options: HttpSenderOptions, exitWatch: ExitWatch = new ExitWatch()): Sender {
  return new HttpSender(checkedOptions(options), exitWatch);
}

class HttpSender implements Sender {
  readonly #settings: SenderSettings;
  readonly #agent: HttpAgent;
  readonly #exitWatch: ExitWatch;

  constructor(settings: SenderSettings, exitWatch: ExitWatch) {
    this.#settings = settings;
    this.#exitWatch = exitWatch;
    this.#agent = keepAliveAgent(settings);
  }

  async send(frame: Frame, signal: AbortSignal): Promise<Outcome> {
    const { maxRequestBytes, timeoutMs } = this.#settings;
    const bytes = requestBytes(frame);
    if (bytes > maxRequestBytes) {
      return { kind: "too_large", why: `${bytes} bytes, and at most ${maxRequestBytes} are sent` };
    }
    const deadline = startDeadline(signal, timeoutMs);
    this.#exitWatch.add(deadline);
    try {
      // Else an HTTP instrumentation would make spans of what sends spans.
      return await context.with(suppressTracing(context.active()), () => this.#send(frame, deadline));
    } catch {
      // A context manager or a clock of somebody else's. What it throws may hold anything.
      return retry("the request could not be made");
    } finally {
      this.#exitWatch.delete(deadline);
      deadline.release();
    }
  }

  close(): void {
    stopKeeping(this.#agent);
  }

  async #send(frame: Frame, deadline: Deadline): Promise<Outcome> {
    const headers = await this.#headers(deadline);
    if (headers instanceof Error) return retry(endingOf(deadline) ?? headers.message);
    const clean = (text: string) => cleanText(text, () => secretsIn(this.#settings.url, headers));
    const result = await this.#exchange(frame, headers, deadline);
    if (result.kind === "failed") return retry(endingOf(deadline) ?? clean(messageOf(result.error)));
    if (result.kind === "ended" || wasAborted(result, deadline)) return retry(endingOf(deadline) ?? "ended");
    const { clock, maxRetryAfterMs } = this.#settings;
    return outcomeOf(result, { spans: frame.spans, nowMs: clock.now(), maxRetryAfterMs, clean });
  }

  /** @returns An error that may be told: what the user's function throws may hold a secret, so only its name is. */
  async #headers(deadline: Deadline): Promise<HeaderValues | Error> {
    try {
      const headers = { ...(await deadline.within(this.#settings.headers)) };
      checkHeaders(headers);
      return headers;
    } catch (error) {
      return new Error(`the headers could not be had: ${nameOf(error)}`);
    }
  }

  /** A connection that the receiver has closed while it was idle is no failure of the receiver: a new one is tried at once. */
  async #exchange(frame: Frame, headers: HeaderValues, deadline: Deadline): Promise<Exchange> {
    const once = () =>
      exchange(
        () => this.#request(frame, headers),
        frame.body,
        this.#settings.maxResponseBytes,
        deadline.ended,
      );
    const first = await once();
    if (first.kind !== "failed" || !first.stale || deadline.ended.aborted) return first;
    dropIdle(this.#agent);
    return once();
  }

  #request(frame: Frame, headers: HeaderValues): ClientRequest {
    const { url } = this.#settings;
    const request = url.protocol === "https:" ? httpsRequest : httpRequest;
    return request(url, { method: "POST", agent: this.#agent, headers: requestHeaders(frame, headers) });
  }
}

function retry(why: string): Outcome {
  return { kind: "retry", why };
}

const ENDINGS: Readonly<Record<Ending, string>> = {
  aborted: "aborted",
  timeout: "no answer in time",
  exit: "no answer before the process had nothing else to do",
};

function endingOf(deadline: Deadline): string | undefined {
  const ending = deadline.ending();
  return ending && ENDINGS[ending];
}

/** After a timeout the status still counts; after an abort nothing does, so that nobody has to wonder. */
function wasAborted(answer: Extract<Exchange, { readonly kind: "answered" }>, deadline: Deadline): boolean {
  return answer.body.state === "broken" && deadline.ending() === "aborted";
}

function nameOf(error: unknown): string {
  const name: unknown = error instanceof Error ? error.name : typeof error;
  return typeof name === "string" && /^\w{1,64}$/.test(name) ? name : "Error";
}

/** Where several addresses were tried the error has no message, only a code. */
function messageOf(error: Error): string {
  if (error.message !== "") return error.message;
  return "code" in error ? String(error.code) : error.name;
}
