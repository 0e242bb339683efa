/** `exit`: nothing but the call kept the process alive. */
export type Ending = "aborted" | "timeout" | "exit";

/** The time that one call may take. */
export interface Deadline {
  /** Aborts once, when the time is up or the caller has had enough. */
  readonly ended: AbortSignal;
  /** Why it ended; `undefined` while it has not. */
  ending(): Ending | undefined;
  end(why: Ending): void;
  /** Waits for `work`, but not longer; then, or where `work` throws, the promise rejects. */
  within<T>(work: () => T | Promise<T>): Promise<T>;
  /** Lets go of timer and signal. */
  release(): void;
}

/** @param timeoutMs The timer does not keep the process alive. */
export function startDeadline(signal: AbortSignal, timeoutMs: number): Deadline {
  const controller = new AbortController();
  let ending: Ending | undefined;
  const end = (why: Ending) => {
    ending ??= why;
    controller.abort();
  };
  const onAbort = () => end("aborted");
  const timer = setTimeout(end, timeoutMs, "timeout").unref();
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  return {
    ended: controller.signal,
    ending: () => ending,
    end,
    within: (work) => within(work, controller.signal),
    release() {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    },
  };
}

async function within<T>(work: () => T | Promise<T>, ended: AbortSignal): Promise<T> {
  ended.throwIfAborted();
  const { promise: late, reject } = Promise.withResolvers<never>();
  const onEnd = () => reject(new Error("there was no more time"));
  ended.addEventListener("abort", onEnd, { once: true });
  try {
    return await Promise.race([work(), late]);
  } finally {
    ended.removeEventListener("abort", onEnd);
  }
}
