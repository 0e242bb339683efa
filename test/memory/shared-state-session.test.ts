import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { agent } from "../../src/agent/agent.ts";
import { type StateSession, type StrategyChoice, sharedState } from "../../src/memory/shared-state.ts";
import { memoryState } from "../../src/stores/state/memory-state.ts";

const setUp = async (strategy: StrategyChoice = "reject") => {
  const state = sharedState({ strategy, random: () => 0 });
  await state.write("a", { n: 1 });
  await state.write("b", { n: 1 });
  return state;
};

describe("a session", () => {
  it("reads its own writes, which nobody else sees before its end, and all see then", async () => {
    const state = await setUp();
    const { value, writes } = await state.session(
      async (session) => {
        session.write("a", { n: 2 });
        session.write("c", "new");
        session.delete("b");
        expect(session.read("a")).toEqual({ n: 2 });
        expect(session.read("b")).toBeUndefined();
        expect(session.keys()).toEqual(["a", "c"]);
        expect(await state.keys()).toEqual(["a", "b"]);
        expect((await state.read("a"))?.value).toEqual({ n: 1 });
        return "done";
      },
      { agent: "worker" },
    );
    expect(value).toBe("done");
    expect(writes).toEqual([
      { key: "a", outcome: "written", version: 2 },
      { key: "c", outcome: "written", version: 1 },
      { key: "b", outcome: "deleted", version: 2 },
    ]);
    expect(await state.entries()).toMatchObject([
      { key: "a", value: { n: 2 }, agent: "worker" },
      { key: "c", value: "new", agent: "worker" },
    ]);
  });

  it("works on a copy of what was there when it began", async () => {
    const state = await setUp();
    await state.session(async (session) => {
      await state.write("a", { n: 5 });
      expect(session.read("a")).toEqual({ n: 1 });
      session.read<{ n: number }>("a")!.n = 7;
      expect(session.read("a")).toEqual({ n: 1 });
    });
    expect((await state.read("a"))?.value).toEqual({ n: 5 });
  });

  it("that throws writes nothing, and its error comes out as it is", async () => {
    const state = await setUp();
    const boom = new Error("boom");
    const fails = state.session((session) => {
      session.write("a", { n: 2 });
      throw boom;
    });
    await expect(fails).rejects.toBe(boom);
    expect((await state.read("a"))?.version).toBe(1);
  });

  it("refuses use after its end, also where it failed", async () => {
    const state = await setUp();
    let leaked: StateSession | undefined;
    await state.session((session) => {
      leaked = session;
    });
    expect(() => leaked!.write("a", 1)).toThrow(
      new TypeError("sharedState: the session has ended; begin another one"),
    );
    expect(() => leaked!.read("a")).toThrow("has ended");
    expect(() => leaked!.delete("a")).toThrow("has ended");
    expect(() => leaked!.keys()).toThrow("has ended");
    const fails = state.session((session) => {
      leaked = session;
      throw new Error("boom");
    });
    await fails.catch(() => {});
    expect(() => leaked!.write("a", 1)).toThrow("has ended");
  });

  it("knows the agent at work", async () => {
    const state = await setUp();
    await agent("planner", () => state.session((session) => session.write("a", 2)))();
    expect((await state.read("a"))?.agent).toBe("planner");
  });

  it("that only reads asks nobody, whatever has changed meanwhile", async () => {
    const state = await setUp();
    const { value, writes } = await state.session(async (session) => {
      await state.write("a", { n: 2 });
      return session.read("a");
    });
    expect([value, writes]).toEqual([{ n: 1 }, []]);
  });
});

describe("a session under reject", () => {
  it.each<[string, (session: StateSession) => void]>([
    ["wrote", (session) => session.write("a", { n: 9 })],
    ["deleted", (session) => session.delete("a")],
    [
      "only read",
      (session) => {
        session.read("a");
        session.write("b", { n: 9 });
      },
    ],
    [
      "found missing",
      (session) => {
        session.read("new");
        session.write("b", { n: 9 });
      },
    ],
    [
      "listed",
      (session) => {
        session.keys();
        session.write("b", { n: 9 });
      },
    ],
  ])("writes nothing where what it %s has changed meanwhile", async (_, work) => {
    const state = await setUp();
    const commit = state.session(async (session) => {
      work(session);
      session.write("other", 1);
      await state.write("a", { n: 5 });
      await state.write("new", 1);
    });
    await expect(commit).rejects.toMatchObject({
      code: "state_conflict",
      key: expect.stringMatching(/^(a|new)$/),
    });
    expect(await state.entries()).toMatchObject([
      { key: "a", value: { n: 5 } },
      { key: "b", value: { n: 1 }, version: 1 },
      { key: "new" },
    ]);
  });

  it("says of what was only read that nothing was to be written", async () => {
    const state = await setUp();
    const commit = state.session(
      async (session) => {
        session.read("a");
        session.write("b", 2);
        await state.write("a", { n: 5 }, { agent: "other" });
      },
      { agent: "me" },
    );
    await expect(commit).rejects.toMatchObject({
      key: "a",
      current: { n: 5 },
      currentVersion: 2,
      expectedVersion: 1,
      attempted: undefined,
      modifiedBy: "other",
      agent: "me",
    });
  });

  it("does not mind changes of what it has not looked at", async () => {
    const state = await setUp();
    await state.session(async (session) => {
      session.read("b");
      session.write("b", 2);
      await state.write("a", { n: 5 });
      await state.write("new", 1);
    });
    expect((await state.read("b"))?.value).toBe(2);
  });

  it("does not mind a key that was not there, and is not", async () => {
    const state = await setUp();
    await state.write("gone", 1);
    await state.delete("gone");
    await state.session((session) => {
      expect(session.read("gone")).toBeUndefined();
      session.write("a", 2);
    });
    await state.session(async (session) => {
      session.write("gone", "again");
      session.read("short-lived");
      await state.write("short-lived", 1);
      await state.delete("short-lived");
    });
    expect(await state.read("gone")).toMatchObject({ value: "again", version: 3 });
  });

  it("runs its function once, unless retries were asked for", async () => {
    const state = await setUp();
    const increment = async (retries: number, interruptions: number) => {
      let runs = 0;
      const done = state.session(
        async (session) => {
          runs += 1;
          const { n } = session.read<{ n: number }>("a")!;
          if (runs <= interruptions) await state.write("a", { n: n + 10 });
          session.write("a", { n: n + 1 });
        },
        { retries },
      );
      const error = await done.then(
        () => undefined,
        (thrown: { code: string }) => thrown.code,
      );
      return [runs, error];
    };
    expect(await increment(0, 1)).toEqual([1, "state_conflict"]);
    expect(await increment(2, 3)).toEqual([3, "state_conflict"]);
    expect(await increment(3, 3)).toEqual([4, undefined]);
    expect((await state.read("a"))?.value).toEqual({ n: 1 + 10 + 30 + 30 + 1 });
  });

  it("is as if sessions had run one after the other: money is neither made nor lost", async () => {
    const state = sharedState({ random: Math.random });
    const accounts = ["a", "b", "c"];
    for (const key of accounts) await state.write(key, 100);
    const transfer = (from: string, to: string, amount: number) =>
      state.session(
        async (session) => {
          const total = accounts.reduce((sum, key) => sum + session.read<number>(key)!, 0);
          expect(total).toBe(300);
          session.write(from, session.read<number>(from)! - amount);
          await new Promise((resolve) => setImmediate(resolve));
          session.write(to, session.read<number>(to)! + amount);
        },
        { retries: 1_000 },
      );
    await Promise.all(
      Array.from({ length: 30 }, (_, n) => transfer(accounts[n % 3]!, accounts[(n + 1) % 3]!, n)),
    );
    const entries = await state.entries<number>();
    expect(entries.reduce((sum, { value }) => sum + value, 0)).toBe(300);
    expect(state.stats().rejected).toBeGreaterThan(0);
  });

  it("lets no two go on what the other has changed: write skew", async () => {
    const state = sharedState();
    await state.write("on call: ann", true);
    await state.write("on call: bob", true);
    const leave = (who: string) =>
      state.session(async (session) => {
        const others = session.keys().filter((key) => key !== who && session.read(key) === true);
        await new Promise((resolve) => setImmediate(resolve));
        if (others.length > 0) session.write(who, false);
      });
    const results = await Promise.allSettled([leave("on call: ann"), leave("on call: bob")]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect((await state.entries()).filter(({ value }) => value === true)).toHaveLength(1);
  });
});

describe("a session under another strategy", () => {
  it.each<[StrategyChoice, unknown, string]>([
    ["last-write-wins", { mine: 1 }, "written"],
    ["first-write-wins", { n: 1, theirs: 1 }, "kept"],
    ["merge", { n: 1, theirs: 1, mine: 1 }, "merged"],
    [({ base, current, attempted }) => ({ base, current, attempted }), undefined, "merged"],
  ])("has its conflicts decided by what is there at the end: %s", async (strategy, value, outcome) => {
    const state = await setUp(strategy);
    const { writes } = await state.session(async (session) => {
      session.write("a", { mine: 1 });
      session.write("b", "mine alone");
      await state.write("a", { n: 1, theirs: 1 });
    });
    expect(writes[0]).toMatchObject({
      key: "a",
      outcome,
      conflict: { expectedVersion: 1, currentVersion: 2 },
    });
    expect(writes[1]).toEqual({ key: "b", outcome: "written", version: 2 });
    const seen = { base: { n: 1 }, current: { n: 1, theirs: 1 }, attempted: { mine: 1 } };
    expect((await state.read("a"))?.value).toEqual(value ?? seen);
  });

  it("does not mind changes of what it has only read, or listed", async () => {
    const state = await setUp("merge");
    await state.session(async (session) => {
      session.read("b");
      session.keys();
      session.write("a", { mine: 1 });
      await state.write("b", { n: 5 });
      await state.write("new", 1);
    });
    expect((await state.read("a"))?.value).toEqual({ mine: 1 });
  });

  it("is atomic: of two keys that both meet others again and again, both are written in one step", async () => {
    const real = memoryState();
    let interruptions = 5;
    const store: typeof real = new Proxy(real, {
      get(target, name: keyof typeof real) {
        if (name !== "commit") return (target[name] as () => unknown).bind(target);
        return async (commit: Parameters<typeof real.commit>[0]) => {
          if (commit.changes[0]?.agent === "session" && interruptions-- > 0) {
            const key = interruptions % 2 === 0 ? "a" : "b";
            const text = JSON.stringify([`theirs ${interruptions}`]);
            const change = { key, text, agent: "other", expected: undefined };
            await target.commit({ ...commit, changes: [change], fences: [] });
          }
          return target.commit(commit);
        };
      },
    });
    const state = sharedState({ store: { state: store }, strategy: "merge-arrays", random: () => 0 });
    const { writes } = await state.session(
      (session) => {
        session.write("a", ["mine"]);
        session.write("b", ["mine"]);
      },
      { agent: "session" },
    );
    expect(writes.map(({ outcome }) => outcome)).toEqual(["merged", "merged"]);
    // Each was joined with what was the newest when both were written, of which the other's writes were whole.
    expect((await state.read("a"))?.value).toEqual(["theirs 0", "mine"]);
    expect((await state.read("b"))?.value).toEqual(["theirs 1", "mine"]);
    expect(state.stats()).toMatchObject({ conflicts: 2, retries: 5 });
  });

  it("can be another strategy for each key", async () => {
    const state = sharedState({ strategy: { keys: { log: "merge-arrays", draft: "last-write-wins" } } });
    const write = (by: string, other?: string) =>
      state.session(async (session) => {
        session.write("log", [by]);
        session.write("draft", by);
        if (other !== undefined) await write(other);
      });
    await write("a", "b");
    expect(await state.entries()).toMatchObject([
      { key: "draft", value: "a" },
      { key: "log", value: ["b", "a"] },
    ]);
    const strict = state.session(async (session) => {
      session.write("log", ["c"]);
      session.write("plan", 1);
      await write("d");
      await state.write("plan", 2);
    });
    await expect(strict).rejects.toMatchObject({ key: "plan" });
    expect((await state.read("log"))?.value).toEqual(["d"]);
  });
});

describe("a session and its signal", () => {
  it("does not begin, and does not write, once it is aborted", async () => {
    const state = await setUp();
    const reason = new Error("enough");
    let runs = 0;
    const work = (session: StateSession) => {
      runs += 1;
      session.write("a", 9);
    };
    await expect(state.session(work, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(runs).toBe(0);
    const controller = new AbortController();
    const late = state.session(
      (session, signal) => {
        work(session);
        expect(signal).toBe(controller.signal);
        controller.abort(reason);
      },
      { signal: controller.signal },
    );
    await expect(late).rejects.toBe(reason);
    expect(runs).toBe(1);
    expect((await state.read("a"))?.version).toBe(1);
  });
});

describe("random sessions at once", () => {
  it("come out as they would one after the other, in the order of their commits", async () => {
    const key = fc.constantFrom("a", "b", "c");
    const plan = fc.record({
      reads: fc.array(key, { maxLength: 2 }),
      writes: fc.array(key, { maxLength: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(plan, { minLength: 2, maxLength: 6 }),
        fc.scheduler(),
        async (plans, scheduler) => {
          const state = sharedState();
          const committed: { read: [string, unknown][]; wrote: [string, string][] }[] = [];
          const sessions = plans.map(async ({ reads, writes }, n) => {
            const read: [string, unknown][] = [];
            const wrote: [string, string][] = [];
            const done = state.session(async (session) => {
              for (const one of reads) {
                read.push([one, session.read(one)]);
                await scheduler.schedule(Promise.resolve());
              }
              for (const one of writes) {
                wrote.push([one, `${n}`]);
                session.write(one, `${n}`);
                await scheduler.schedule(Promise.resolve());
              }
            });
            await done.then(
              () => committed.push({ read, wrote }),
              () => {},
            );
          });
          await scheduler.waitFor(Promise.all(sessions));
          const serial = new Map<string, unknown>();
          for (const { read, wrote } of committed) {
            // A session that only read is as of its beginning.
            if (wrote.length > 0) for (const [one, value] of read) expect(serial.get(one)).toBe(value);
            for (const [one, value] of wrote) serial.set(one, value);
          }
          expect(new Map((await state.entries()).map((one) => [one.key, one.value]))).toEqual(
            new Map([...serial].sort()),
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});
