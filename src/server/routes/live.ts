import { type After, systemAfter } from "../../internal/timers.ts";
import { safely } from "../../internal/warn-once.ts";
import { SAFE_HEADERS } from "../problem/answers.ts";
import { Refusal } from "../problem/refusal.ts";
import type { AgentsSources } from "../sources/sources.ts";

const MOST = 64;
const KEEP_ALIVE_MS = 15_000;
/** Milliseconds after which a browser comes back. */
const RETRY = "retry: 3000\n\n";
const CHANGE = "event: change\ndata: {}\n\n";
const STILL_HERE = ": still here\n\n";

type Changes = NonNullable<AgentsSources["changes"]>;

/** Tells when something has changed, as server-sent events. What has changed is asked for then, so that nothing is lost or told twice. */
export class LiveFeed {
  readonly #changes: Changes;
  readonly #after: After;
  #open = 0;

  /** @param after For tests. */
  constructor(changes: Changes, after: After = systemAfter) {
    this.#changes = changes;
    this.#after = after;
  }

  /** Ends with the request. @throws Refusal where there are too many. */
  open(request: Request): Response {
    if (this.#open >= MOST)
      throw new Refusal("too_many_connections", `${MOST} pages follow what happens already; close one`, {
        headers: { "Retry-After": "5" },
      });
    const body = request.method === "HEAD" ? null : this.#follow(request.signal);
    return new Response(body, {
      headers: { ...SAFE_HEADERS, "Content-Type": "text/event-stream", "X-Accel-Buffering": "no" },
    });
  }

  #follow(signal: AbortSignal): ReadableStream<Uint8Array> {
    const bytes = new TextEncoder();
    let end = (): void => {};
    let missed = false;
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        const send = (text: string): void => controller.enqueue(bytes.encode(text));
        // A reader that is slow is not sent more: one event says as much as ten.
        const unsubscribe = this.#changes(() => {
          if (isFree(controller)) send(CHANGE);
          else missed = true;
        });
        this.#open += 1;
        const stopKeeping = this.#every(KEEP_ALIVE_MS, () => isFree(controller) && send(STILL_HERE));
        const close = (): void => {
          end();
          controller.close();
        };
        end = once(() => {
          this.#open -= 1;
          stopKeeping();
          signal.removeEventListener("abort", close);
          safely("ending a subscription to changes", unsubscribe);
        });
        send(RETRY);
        if (signal.aborted) close();
        else signal.addEventListener("abort", close, { once: true });
      },
      pull: (controller) => {
        if (missed) controller.enqueue(bytes.encode(CHANGE));
        missed = false;
      },
      cancel: () => end(),
    });
  }

  #every(ms: number, run: () => void): () => void {
    const next = (): (() => void) =>
      this.#after(
        ms,
        () => {
          run();
          cancel = next();
        },
        false,
      );
    let cancel = next();
    return () => cancel();
  }
}

function isFree({ desiredSize }: ReadableStreamDefaultController): boolean {
  return desiredSize !== null && desiredSize > 0;
}

function once(fn: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    fn();
  };
}
