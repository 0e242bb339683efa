import { AsyncLocalStorage } from "node:async_hooks";
import { afterEach, describe, expect, it, vi } from "vitest";
import { SharedWaits, Waits } from "../../src/internal/shared-waits.ts";
import type { Link, Wait } from "../../src/internal/wait.ts";
import { ManualClock } from "../../src/testing/index.ts";

class Noted implements Wait {
  previous: Link = this;
  next: Link = this;
  endMs = 0;
  readonly timeOver: () => void;

  constructor(timeOver: () => void) {
    this.timeOver = timeOver;
  }
}

describe("waits", () => {
  it("have one list for each length", () => {
    const waits = new Waits(() => () => {});
    expect(waits.of(100)).toBe(waits.of(100));
    expect(waits.of(100)).not.toBe(waits.of(200));
  });

  it("let lists go that nobody uses, once there are very many, and no other", () => {
    const waits = new Waits(() => () => {}, new ManualClock());
    const used = waits.of(1);
    used.start(new Noted(() => {}));
    const idle = waits.of(2);
    for (let ms = 3; ms <= 1_001; ms++) waits.of(ms);
    expect(waits.of(1)).toBe(used);
    expect(waits.of(2)).not.toBe(idle);
  });
});

describe("the waits of the process", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("end on Node's timers", async () => {
    await new Promise<void>((ended) => new SharedWaits().of(5).start(new Noted(ended)));
  });

  it("end on the timers that a test puts in their place, also after others have run", () => {
    const waits = new SharedWaits();
    waits.of(30_000).start(new Noted(() => {}));
    vi.useFakeTimers();
    let ended = false;
    waits.of(30_000).start(
      new Noted(() => {
        ended = true;
      }),
    );
    vi.advanceTimersByTime(30_001);
    expect(ended).toBe(true);
  });

  it("do not run in the async context of the call that set the timer", async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen = await new Promise((resolve) => {
      storage.run("a call", () =>
        new SharedWaits().of(5).start(new Noted(() => resolve(storage.getStore()))),
      );
    });
    expect(seen).toBeUndefined();
  });
});
