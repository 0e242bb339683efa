import type { Work } from "./libraries.ts";

let calls = 0;

/** What is protected: an async function that does next to nothing, and what it may do with its signal. */
export const WORK = {
  plain: (async () => ++calls) as Work,
  reads: (async (signal) => (signal.aborted ? 0 : ++calls)) as Work,
  listens: (async (signal) => {
    const listener = (): void => {};
    signal.addEventListener("abort", listener, { once: true });
    signal.removeEventListener("abort", listener);
    return ++calls;
  }) as Work,
} as const;

export type WorkName = keyof typeof WORK;
