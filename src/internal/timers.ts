/**
 * Calls `run` once, later.
 *
 * @param ms Milliseconds.
 * @param holds Whether the process stays alive for it.
 * @returns Takes it back.
 */
export type After = (ms: number, run: () => void, holds: boolean) => () => void;

export const systemAfter: After = (ms, run, holds) => {
  const timer = setTimeout(run, ms);
  if (!holds) timer.unref();
  return () => clearTimeout(timer);
};
