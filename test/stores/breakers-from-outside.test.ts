import { describe, expect, it, onTestFinished } from "vitest";
import type { BreakerListener, OperatorState } from "../../src/stores/breakers/breaker-store.ts";
import { SharedBreakers } from "../../src/stores/breakers/shared-breakers.ts";
import { MemoryBreakers } from "../../src/stores/memory/memory-breakers.ts";

function twoProcesses() {
  const memory = new MemoryBreakers();
  const [inside, outside] = [new SharedBreakers(memory.driver()), new SharedBreakers(memory.driver())];
  onTestFinished(async () => {
    await inside.close();
    await outside.close();
  });
  return { inside, outside };
}

/** A breaker that keeps what others do to it. */
function breaker(): { readonly listener: BreakerListener; readonly next: Promise<OperatorState> } {
  const { promise, resolve } = Promise.withResolvers<OperatorState>();
  return { listener: { operated: resolve, hurried: () => {} }, next: promise };
}

async function untilAlive(outside: SharedBreakers, name: string): Promise<void> {
  while ((await outside.look([name])).get(name)?.alive !== 1)
    await new Promise((resolve) => setImmediate(resolve));
}

describe("shared breakers, for who has none there", () => {
  it("are reset from outside", async () => {
    const { inside, outside } = twoProcesses();
    const { listener, next } = breaker();
    inside.join("writer", listener);
    await untilAlive(outside, "writer");
    await outside.operate("writer", "reset");
    expect(await next).toBe("reset");
  });

  it("are counted while they live, with the longest time that one is open", async () => {
    const { inside, outside } = twoProcesses();
    inside.join("writer", breaker().listener).opened(30_000);
    await untilAlive(outside, "writer");
    const standing = (await outside.look(["writer"])).get("writer");
    expect(standing).toMatchObject({ alive: 1, open: 1, operator: undefined });
    expect(standing?.openMs).toBeGreaterThan(29_000);
  });

  it("are nobody's where no process has one of that name", async () => {
    const { outside } = twoProcesses();
    expect((await outside.look(["nobody"])).get("nobody")).toEqual({
      alive: 0,
      open: 0,
      openMs: 0,
      operator: undefined,
    });
  });

  it("show what an operator did last", async () => {
    const { outside } = twoProcesses();
    await outside.operate("writer", "forced_open");
    expect((await outside.look(["writer"])).get("writer")?.operator?.state).toBe("forced_open");
  });
});
