import { isMainThread } from "node:worker_threads";
import { safely, warnOnce } from "../internal/warn-once.ts";
import { settledWithin } from "./sdk-bounded.ts";
import type { RunningSdk } from "./sdk-build.ts";

const SIGNALS = ["SIGTERM", "SIGINT"] as const;

export interface ExitHooks {
  /** When a shutdown begins: it flushes by itself. */
  stopFlushing(): void;
  /** When it is over: until then `process.exit()` may still cut it short. */
  stopKeeping(): void;
}

/**
 * Sends what is waiting when the process ends by itself or by a signal. `process.exit()` and a crash leave no time for it: spans
 * that have a directory are kept there.
 *
 * @returns Takes the hooks away again.
 */
export function flushAtExit(sdk: RunningSdk, timeoutMs: number): ExitHooks {
  const signals = isMainThread ? SIGNALS : [];
  const flush = () => settledWithin(() => sdk.flush(timeoutMs), timeoutMs);
  const onBeforeExit = () => {
    // Emitted again after each piece of work that a listener starts, so without news there is nothing to do.
    if (sdk.hasNews()) void flush().then((problem) => leaveIfStuck(problem, sdk.targets));
  };
  const onSignal = signalListener(flush, () => {
    // A signal ends the process without the event.
    onExit();
    remove();
  });
  const onExit = () => safely("keeping spans at the end of the process", () => sdk.keepNow());
  const remove = () => {
    process.off("beforeExit", onBeforeExit);
    for (const signal of signals) process.off(signal, onSignal);
  };
  process.on("beforeExit", onBeforeExit);
  process.once("exit", onExit);
  // First in line, to see the user's `once` listeners before they take themselves out.
  for (const signal of signals) process.prependListener(signal, onSignal);
  return { stopFlushing: remove, stopKeeping: () => void process.off("exit", onExit) };
}

/**
 * A hanging export holds the process by timers and sockets that nobody can reach, for 10 to 30 s. Nothing else can be
 * running at this point, unless another listener of `beforeExit` has started it: then it may finish.
 */
function leaveIfStuck(problem: unknown, targets: readonly string[]): void {
  if (problem === undefined) return;
  const where = targets.length === 0 ? "" : ` to ${targets.join(" and ")}`;
  warnOnce("late:exit", `telemetry could not be sent${where} before the process ended, and is lost`);
  if (process.listenerCount("beforeExit") === 1) process.exit();
}

/**
 * Our listener takes away what the signal does by default, so it is done by us after the flush; a second signal does
 * not wait. Where the program listens too, ending the process is its business.
 */
function signalListener(flush: () => Promise<unknown>, remove: () => void): (signal: NodeJS.Signals) => void {
  let leaving = false;
  const leave = (signal: NodeJS.Signals) => {
    remove();
    process.kill(process.pid, signal);
  };
  return (signal) => {
    const alone = process.listenerCount(signal) <= 1 + politeListeners();
    if (alone && leaving) return leave(signal);
    leaving ||= alone;
    void flush().then(() => {
      if (alone) leave(signal);
    });
  };
}

/**
 * The package signal-exit (in execa, ink, …) adds a listener per signal that steps back as soon as it sees another one.
 * Were it counted as the program's, each would wait for the other and the signal would do nothing. It keeps its number
 * of listeners in these places (version 4, version 3).
 */
function politeListeners(): number {
  return (
    countOf(Reflect.get(globalThis, Symbol.for("signal-exit emitter"))) +
    countOf(Reflect.get(process, "__signal_exit_emitter__"))
  );
}

function countOf(emitter: unknown): number {
  if (typeof emitter !== "object" || emitter === null) return 0;
  const count: unknown = Reflect.get(emitter, "count");
  return typeof count === "number" ? count : 0;
}
