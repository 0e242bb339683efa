import { settled } from "../../pipeline/durable-span-exporter/support.ts";
import type { BreakerUnderTest, MakeBreaker } from "./breaker.ts";

// Each case drives a breaker and says what it did, in words: the same words for everybody.

const RECOVERY_MS = 30_000;
const boom = new Error("boom");
const fails = (): Promise<never> => Promise.reject(boom);
const works = async (): Promise<string> => "answer";
const hangs = (): Promise<never> => new Promise(() => {});

async function open(breaker: BreakerUnderTest): Promise<void> {
  for (let i = 0; i < 10 && breaker.state !== "open"; i++) await breaker.call(fails).catch(() => {});
}

/** Calls, and counts how each one ends for as long as it has time to end. */
async function calls(
  breaker: BreakerUnderTest,
  number: number,
  fn: () => Promise<unknown>,
): Promise<Record<"answered" | "refused" | "failed" | "waiting", number>> {
  const ends = { answered: 0, refused: 0, failed: 0, waiting: number };
  for (let i = 0; i < number; i++) {
    breaker.call(fn).then(
      () => {
        ends.waiting -= 1;
        ends.answered += 1;
      },
      (error: unknown) => {
        ends.waiting -= 1;
        ends[breaker.isRefusal(error) ? "refused" : "failed"] += 1;
      },
    );
  }
  await settled();
  await breaker.advance(0);
  return ends;
}

export async function burstAtHalfOpen(make: MakeBreaker): Promise<string> {
  const breaker = make({ failures: 3, recoveryMs: RECOVERY_MS });
  await open(breaker);
  await breaker.advance(RECOVERY_MS);
  const trial = Promise.withResolvers<string>();
  let admitted = 0;
  const { refused, waiting } = await calls(breaker, 1_000, () => {
    admitted += 1;
    return trial.promise;
  });
  const before = admitted;
  trial.resolve("answer");
  await breaker.advance(0);
  await settled();
  return `${before} admitted, ${refused} refused, ${waiting - before} parked, ${admitted - before} more at once when it succeeds`;
}

export async function lateSuccess(make: MakeBreaker): Promise<string> {
  const breaker = make({ failures: 3, recoveryMs: RECOVERY_MS });
  const early = Promise.withResolvers<string>();
  const call = breaker.call(() => early.promise);
  await open(breaker);
  await breaker.advance(RECOVERY_MS);
  early.resolve("late");
  await call;
  return breaker.state === "closed" ? "closes, no trial call made" : "does not close";
}

export async function lateFailure(make: MakeBreaker): Promise<string> {
  const breaker = make({ failures: 3, recoveryMs: RECOVERY_MS });
  const early = Promise.withResolvers<string>();
  const call = breaker.call(() => early.promise);
  await open(breaker);
  await breaker.advance(RECOVERY_MS);
  const trial = Promise.withResolvers<string>();
  const trialCall = breaker.call(() => trial.promise);
  early.reject(boom);
  await call.catch(() => {});
  const after = breaker.state;
  trial.resolve("answer");
  await trialCall;
  return `${after}, and ${breaker.state} when the trial call succeeds`;
}

export async function hungTrialCall(make: MakeBreaker): Promise<string> {
  const breaker = make({ failures: 3, recoveryMs: RECOVERY_MS });
  await open(breaker);
  await breaker.advance(RECOVERY_MS);
  breaker.call(hangs).catch(() => {});
  await breaker.advance(10 * RECOVERY_MS);
  const first = await calls(breaker, 1, works);
  const rest = await calls(breaker, 19, works);
  return `${first.answered + rest.answered} of 20 answered, ${first.refused + rest.refused} refused, ${first.waiting + rest.waiting} never settle`;
}

export async function staleWindow(make: MakeBreaker): Promise<string> {
  const breaker = make({ windowMs: 5_000 });
  for (let i = 0; i < 4; i++) await breaker.call(fails).catch(() => {});
  await breaker.advance(300_000);
  await breaker.call(fails).catch(() => {});
  return breaker.state;
}

export async function oneTimesOut(make: MakeBreaker): Promise<string> {
  const breaker = make({ failures: 3, callTimeoutMs: 1_000 });
  const hung = breaker.call(hangs).catch(() => {});
  await breaker.advance(900);
  const signals: (AbortSignal | undefined)[] = [];
  const work = Promise.withResolvers<void>();
  const healthy = Array.from({ length: 10 }, () =>
    breaker
      .call((signal) => {
        signals.push(signal);
        return work.promise;
      })
      .catch(() => {}),
  );
  await breaker.advance(100);
  await hung;
  const aborted = signals.filter((signal) => signal?.aborted).length;
  work.resolve();
  await Promise.all(healthy);
  return `${aborted} of 10 aborted`;
}

export async function ownRefusals(make: MakeBreaker): Promise<string> {
  const breaker = make({ failures: 5, capacity: 1 });
  const work = Promise.withResolvers<void>();
  const pending = calls(breaker, 10, () => work.promise);
  const { refused } = await pending;
  work.resolve();
  await breaker.advance(0);
  return `${refused} of 10 refused by itself, ${breaker.state}`;
}

export async function throwingListener(make: MakeBreaker): Promise<string> {
  const breaker = make({
    failures: 1,
    onSuccess: () => {
      throw new Error("listener");
    },
  });
  const { answered } = await calls(breaker, 1, works);
  return `${answered === 1 ? "the caller has its answer" : "the caller sees a rejection"}, ${breaker.state}`;
}

export async function cancelledTrialCall(make: MakeBreaker): Promise<string> {
  const breaker = make({ failures: 3, recoveryMs: RECOVERY_MS });
  await open(breaker);
  await breaker.advance(RECOVERY_MS);
  const caller = new AbortController();
  const cancelled = new DOMException("gone", "AbortError");
  const call = breaker.call(async () => {
    caller.abort(cancelled);
    throw cancelled;
  }, caller.signal);
  await call.catch(() => {});
  return breaker.state;
}
