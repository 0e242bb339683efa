import { rateLimit, type Store } from "agent-otel";

/** Rate limits that admit, refuse, are waited for, pause and lose their store. @param ends Ends what still waits. */
export async function useLimits(broken: Store, ends: AbortSignal) {
  const calls = rateLimit({
    name: "openai",
    perSecond: 50,
    perMinute: 1_000,
    perDay: 100_000,
    tokensPerMinute: 200_000,
  });
  await Promise.all(Array.from({ length: 10 }, () => calls.acquire({ tokens: 500 })));

  const strict = rateLimit({
    name: "anthropic",
    perMinute: 60,
    tokensPerMinute: 50_000,
    tokensPerDay: 1_000_000,
  });
  for (let i = 0; i < 4; i++) strict.tryAcquire({ tokens: 100 });
  const asksForPause = async (): Promise<never> => {
    throw Object.assign(new Error("too many"), {
      status: 429,
      headers: new Headers({ "retry-after": "600" }),
    });
  };
  const paused = rateLimit({ name: "mistral", perSecond: 100, burst: 10, wait: false });
  for (let i = 0; i < 2; i++) await paused.execute(asksForPause).catch(() => undefined);
  for (let i = 0; i < 2; i++) paused.tryAcquire();

  const slow = rateLimit({ name: "search", perDay: 1, maxWaiting: 2 });
  const waiting = Array.from({ length: 4 }, () => slow.acquire(undefined, ends).catch(() => undefined));

  const shared = rateLimit({ name: "shared", perSecond: 100, store: broken, onStoreFailure: "open" });
  for (let i = 0; i < 3; i++) await shared.acquire().catch(() => undefined);
  return { calls, strict, paused, slow, shared, waiting };
}
