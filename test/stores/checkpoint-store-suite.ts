import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type {
  CheckpointStore,
  Claim,
  ClaimRequest,
  RunRecord,
} from "../../src/stores/checkpoints/checkpoint-store.ts";
import { claimOf, holdOf, stepOf } from "../faults/support/checkpoint-claims.ts";
import { INJECTIONS } from "./injections.ts";

export interface CheckpointSetup {
  readonly open: () => Promise<CheckpointStore>;
  /** Lets so much time pass by the clock of the store. */
  readonly pass: (ms: number) => unknown;
}

const SHORT_MS = 40;
const OWNER_GONE = { leaseMs: SHORT_MS } as const;

/** What every store of checkpoints does. */
export function checkpointStoreSuite({ open, pass }: CheckpointSetup): void {
  const claimed = async (store: CheckpointStore, some: Partial<ClaimRequest> = {}) => {
    const request = claimOf(some);
    return { request, hold: holdOf(await store.claim(request)) };
  };
  /** A run whose owner has vanished. */
  const abandoned = async (store: CheckpointStore, some: Partial<ClaimRequest> = {}) => {
    const run = await claimed(store, { ...OWNER_GONE, ...some });
    await pass(SHORT_MS);
    return run;
  };
  const stored = async (store: CheckpointStore, id: string): Promise<RunRecord> => {
    const found = await store.read(id);
    if (found === undefined) throw new Error(`there is no run ${id}`);
    return found.run;
  };

  describe("claiming", () => {
    it("makes a run where there is none, with what it began with", async () => {
      const store = await open();
      const request = claimOf({ trace: "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331" });
      const claim = await store.claim(request);
      const { id, workflow, program, initial, owner, trace } = request;
      const run = { id, workflow, program, initial, owner, trace, status: "running", epoch: 1, crashes: 0 };
      expect(claim).toMatchObject({ kind: "claimed", isNew: true, run, steps: [] });
      expect(await store.read(id)).toMatchObject({ run: { ...run, failure: undefined }, steps: [] });
    });

    it("says who works on it, and for how long at most", async () => {
      const store = await open();
      const { request } = await claimed(store);
      const other = await store.claim(claimOf({ id: request.id }));
      expect(other).toMatchObject({ kind: "held", owner: request.owner });
      const { forMs } = other as Extract<Claim, { kind: "held" }>;
      expect(forMs).toBeGreaterThan(50_000);
      expect(forMs).toBeLessThanOrEqual(60_000);
    });

    it("gives a run to one of two who ask at once, new or given up, 50 times", async () => {
      const [one, other] = [await open(), await open()];
      for (let n = 0; n < 50; n++) {
        const id = randomUUID();
        for (const epoch of [1, 2]) {
          const claims = await Promise.all([one.claim(claimOf({ id })), other.claim(claimOf({ id }))]);
          expect(claims.map(({ kind }) => kind).sort()).toEqual(["claimed", "held"]);
          const won = claims.find((claim) => claim.kind === "claimed")!;
          expect(holdOf(won).epoch).toBe(epoch);
          await one.end(holdOf(won), "running");
        }
      }
    });

    it("gives a run that was given up to the next at once, with its steps and the trace of before", async () => {
      const store = await open();
      const { request, hold } = await claimed(store, { trace: "first" });
      await store.commit(hold, stepOf(0));
      await store.end(hold, "running");
      const next = claimOf({ id: request.id, trace: "second", initial: '{"another":true}' });
      const claim = await store.claim(next);
      const run = { epoch: 2, crashes: 0, trace: "first", initial: request.initial, owner: next.owner };
      expect(claim).toMatchObject({ kind: "claimed", isNew: false, run, steps: [stepOf(0)] });
      expect(await stored(store, request.id)).toMatchObject({ trace: "second", epoch: 2 });
    });

    it("gives a run whose owner has vanished to the next when the lease is over, and counts a crash", async () => {
      const store = await open();
      const { request } = await abandoned(store);
      const claim = await store.claim(claimOf({ id: request.id }));
      expect(claim).toMatchObject({ kind: "claimed", isNew: false, run: { epoch: 2, crashes: 1 } });
    });

    it("gives a failed run to the next, with why it failed, which is forgotten then", async () => {
      const store = await open();
      const { request, hold } = await claimed(store);
      await store.end(hold, "failed", '{"message":"no money"}');
      const claim = await store.claim(claimOf({ id: request.id }));
      const run = { status: "running", failure: '{"message":"no money"}', crashes: 0 };
      expect(claim).toMatchObject({ kind: "claimed", run });
      expect((await stored(store, request.id)).failure).toBeUndefined();
    });

    it("gives out no completed run, but all of its steps", async () => {
      const store = await open();
      const { request, hold } = await claimed(store);
      await store.commit(hold, stepOf(0));
      await store.end(hold, "completed");
      expect(await store.claim(claimOf({ id: request.id }))).toMatchObject({
        kind: "completed",
        run: { status: "completed", epoch: 1 },
        steps: [stepOf(0)],
      });
    });

    it("gives out no run to another program, and says that it needs attention", async () => {
      const store = await open();
      const { request } = await abandoned(store);
      const before = await stored(store, request.id);
      const changed = await store.claim(claimOf({ id: request.id, program: '{"steps":["pay"]}' }));
      expect(changed).toMatchObject({ kind: "changed", run: { program: request.program } });
      const { status, program, owner, crashes, leaseUntilMs } = await stored(store, request.id);
      expect(status).toBe("needs_attention");
      expect({ program, owner, crashes, leaseUntilMs }).toEqual({
        program: before.program,
        owner: before.owner,
        crashes: before.crashes,
        leaseUntilMs: before.leaseUntilMs,
      });
    });

    it("gives it to its own program again after that, and still knows that an owner has vanished", async () => {
      const store = await open();
      const { request } = await abandoned(store);
      await store.claim(claimOf({ id: request.id, program: "{}" }));
      expect(await store.claim(claimOf({ id: request.id }))).toMatchObject({
        kind: "claimed",
        run: { status: "running", crashes: 1 },
      });
    });

    it("gives out no run of another workflow", async () => {
      const store = await open();
      const { request } = await abandoned(store);
      expect(await store.claim(claimOf({ id: request.id, workflow: "reports" }))).toMatchObject({
        kind: "changed",
        run: { workflow: "refunds", status: "needs_attention" },
      });
    });

    it.each(["completed", "cancelled"] as const)(
      "lets a %s run be so for another program",
      async (status) => {
        const store = await open();
        const { request, hold } = await claimed(store);
        if (status === "cancelled") await store.cancel(request.id);
        else await store.end(hold, status);
        const changed = await store.claim(claimOf({ id: request.id, program: "{}" }));
        expect(changed).toMatchObject({ kind: "changed", run: { status } });
        expect((await stored(store, request.id)).status).toBe(status);
      },
    );

    it("disturbs no owner who works on it for another program", async () => {
      const store = await open();
      const { request, hold } = await claimed(store);
      const changed = await store.claim(claimOf({ id: request.id, program: "{}" }));
      expect(changed).toMatchObject({ kind: "changed", run: { status: "running" } });
      expect(await store.commit(hold, stepOf(0))).toBe("committed");
    });

    it("gives out no run that has ended too many owners, until there is more patience", async () => {
      const store = await open();
      const { request } = await abandoned(store, { maxCrashes: 2 });
      for (const crashes of [1, 2]) {
        const again = await store.claim(claimOf({ id: request.id, maxCrashes: 2, leaseMs: SHORT_MS }));
        expect(again).toMatchObject({ kind: "claimed", run: { crashes } });
        await pass(SHORT_MS);
      }
      const run = { status: "needs_attention", crashes: 3 };
      for (let n = 0; n < 2; n++)
        expect(await store.claim(claimOf({ id: request.id, maxCrashes: 2 }))).toMatchObject({
          kind: "crashed",
          run,
        });
      expect(await stored(store, request.id)).toMatchObject(run);
      const patient = await store.claim(claimOf({ id: request.id, maxCrashes: 3 }));
      expect(patient).toMatchObject({ kind: "claimed", run: { status: "running", crashes: 3 } });
    });

    it("counts crashes from the last step that was committed", async () => {
      const store = await open();
      const { request } = await abandoned(store);
      for (const crashes of [1, 2, 1, 2]) {
        const claim = await store.claim(claimOf({ id: request.id, leaseMs: SHORT_MS }));
        expect(claim).toMatchObject({ kind: "claimed", run: { crashes } });
        if (claim.kind === "claimed" && crashes === 2) {
          await store.commit(holdOf(claim), stepOf(claim.steps.length));
          expect((await stored(store, request.id)).crashes).toBe(0);
        }
        await pass(SHORT_MS);
      }
    });

    it.each([0, -1, 1.5, 86_400_001, Number.NaN])("refuses a lease of %d ms", async (leaseMs) => {
      const store = await open();
      await expect(store.claim(claimOf({ leaseMs }))).rejects.toThrow(RangeError);
      await expect(store.renew({ id: "a", epoch: 1 }, leaseMs)).rejects.toThrow(RangeError);
    });
  });

  describe("committing", () => {
    it("keeps what steps returned, in their order", async () => {
      const store = await open();
      const { request, hold } = await claimed(store);
      const steps = Array.from({ length: 12 }, (_, seq) => ({ ...stepOf(seq), attempts: seq + 1 }));
      for (const step of steps) expect(await store.commit(hold, step)).toBe("committed");
      const found = (await store.read(request.id))?.steps ?? [];
      expect(found).toMatchObject(steps);
      expect(found.every(({ atMs }) => atMs > 1_600_000_000_000)).toBe(true);
    });

    it("keeps no step that is not the next", async () => {
      const store = await open();
      const { request, hold } = await claimed(store);
      expect(await store.commit(hold, stepOf(1))).toBe("lost");
      await store.commit(hold, stepOf(0, '"first"'));
      expect(await store.commit(hold, stepOf(0, '"second"'))).toBe("lost");
      expect(await store.commit(hold, stepOf(2))).toBe("lost");
      expect((await store.read(request.id))?.steps).toMatchObject([stepOf(0, '"first"')]);
    });

    it("keeps one of two steps with the same place that come at once", async () => {
      const store = await open();
      const { hold } = await claimed(store);
      const answers = await Promise.all([store.commit(hold, stepOf(0)), store.commit(hold, stepOf(0))]);
      expect(answers.sort()).toEqual(["committed", "lost"]);
    });

    it("still counts after the lease, as long as nobody has taken the run", async () => {
      const store = await open();
      const { hold } = await abandoned(store);
      expect(await store.commit(hold, stepOf(0))).toBe("committed");
      expect(await store.renew(hold, 60_000)).toBe(true);
      expect(await store.claim(claimOf({ id: hold.id }))).toMatchObject({ kind: "held" });
      expect(await store.end(hold, "completed")).toBe(true);
    });

    it("keeps nothing of a former owner, nor lets him renew, end or forget", async () => {
      const store = await open();
      const { hold: former } = await abandoned(store);
      const hold = holdOf(await store.claim(claimOf({ id: former.id })));
      expect(await store.commit(former, stepOf(0))).toBe("lost");
      expect(await store.renew(former, 60_000)).toBe(false);
      expect(await store.end(former, "completed")).toBe(false);
      expect(await store.forget(former)).toBe(false);
      expect(await store.read(former.id)).toMatchObject({ run: { status: "running", epoch: 2 }, steps: [] });
      expect(await store.commit(hold, stepOf(0))).toBe("committed");
    });

    it("never keeps a step of which the next owner does not know, 50 times", async () => {
      const [one, other] = [await open(), await open()];
      for (let n = 0; n < 50; n++) {
        const { hold } = await abandoned(one, { leaseMs: 1 });
        await pass(1);
        const [answer, claim] = await Promise.all([
          one.commit(hold, stepOf(0)),
          other.claim(claimOf({ id: hold.id })),
        ]);
        expect(claim).toMatchObject({ kind: "claimed" });
        const { steps } = claim as Extract<Claim, { kind: "claimed" }>;
        expect(steps.length).toBe(answer === "committed" ? 1 : 0);
        expect(await other.commit(holdOf(claim), stepOf(steps.length))).toBe("committed");
      }
    });

    it("keeps nothing for a run that nobody has begun", async () => {
      const store = await open();
      const hold = { id: randomUUID(), epoch: 1 };
      expect(await store.commit(hold, stepOf(0))).toBe("lost");
      expect(await store.renew(hold, 60_000)).toBe(false);
      expect(await store.end(hold, "completed")).toBe(false);
      expect(await store.forget(hold)).toBe(false);
      expect(await store.read(hold.id)).toBeUndefined();
    });

    it("keeps names and texts as they are, whatever they hold", async () => {
      const store = await open();
      const text = JSON.stringify({ s: `'"\\; \u0000 \u2028 \ud800 \u{1f600} --`, n: 1e21 });
      const { request, hold } = await claimed(store, {
        workflow: 'it\'s; "a" \\ name\n\u{1f600}',
        program: text,
        initial: text,
      });
      await store.commit(hold, { seq: 0, name: "a'b\"c\\\n\u{1f600}", output: text, attempts: 2 });
      await store.end(hold, "failed", text);
      const { workflow, program, initial } = request;
      expect(await store.read(request.id)).toMatchObject({
        run: { workflow, program, initial, failure: text },
        steps: [{ name: "a'b\"c\\\n\u{1f600}", output: text, attempts: 2 }],
      });
    });

    it("keeps a text of a mebibyte", async () => {
      const store = await open();
      const text = JSON.stringify('"'.repeat(524_000));
      const { request, hold } = await claimed(store, { initial: text });
      await store.commit(hold, stepOf(0, text));
      const { run, steps = [] } = (await store.read(request.id)) ?? {};
      expect(run?.initial === text && steps[0]?.output === text).toBe(true);
    });
  });

  describe("renewing and ending", () => {
    it("holds the run for so long from now", async () => {
      const store = await open();
      const { hold } = await claimed(store, OWNER_GONE);
      expect(await store.renew(hold, 60_000)).toBe(true);
      await pass(SHORT_MS);
      expect(await store.claim(claimOf({ id: hold.id }))).toMatchObject({ kind: "held" });
    });

    it.each(["running", "completed", "failed", "needs_attention"] as const)(
      "ends a hold as %s, once",
      async (status) => {
        const store = await open();
        const { hold } = await claimed(store);
        expect(await store.end(hold, status, '"why"')).toBe(true);
        expect(await stored(store, hold.id)).toMatchObject({ status, failure: '"why"', leaseUntilMs: 0 });
        expect(await store.end(hold, "failed")).toBe(false);
        expect(await store.renew(hold, 60_000)).toBe(false);
        expect(await store.commit(hold, stepOf(0))).toBe("lost");
        expect(await store.forget(hold)).toBe(false);
        expect((await stored(store, hold.id)).status).toBe(status);
      },
    );

    it("does not hold a run that was ended while its lease was renewed, 50 times", async () => {
      const store = await open();
      for (let n = 0; n < 50; n++) {
        const { hold } = await claimed(store);
        await Promise.all([store.renew(hold, 60_000), store.end(hold, "failed"), store.renew(hold, 60_000)]);
        expect(await stored(store, hold.id)).toMatchObject({ status: "failed", leaseUntilMs: 0 });
      }
    });

    it("removes a run of its owner, who can begin it anew", async () => {
      const store = await open();
      const { hold } = await claimed(store);
      await store.commit(hold, stepOf(0));
      expect(await store.forget(hold)).toBe(true);
      expect(await store.read(hold.id)).toBeUndefined();
      expect(await store.forget(hold)).toBe(false);
      expect(await store.claim(claimOf({ id: hold.id }))).toMatchObject({ isNew: true, steps: [] });
    });
  });

  describe("cancelling and reopening", () => {
    it("takes the run from its owner, and from everybody", async () => {
      const store = await open();
      const { hold } = await claimed(store);
      expect(await store.cancel(hold.id)).toBe("running");
      expect(await store.commit(hold, stepOf(0))).toBe("lost");
      expect(await store.renew(hold, 60_000)).toBe(false);
      expect(await store.end(hold, "completed")).toBe(false);
      const run = { status: "cancelled", leaseUntilMs: 0 };
      expect(await store.claim(claimOf({ id: hold.id }))).toMatchObject({ kind: "cancelled", run });
      expect(await store.cancel(hold.id)).toBe("cancelled");
    });

    it("leaves a completed run as it is", async () => {
      const store = await open();
      const { hold } = await claimed(store);
      await store.end(hold, "completed");
      expect(await store.cancel(hold.id)).toBe("completed");
      expect(await store.reopen(hold.id)).toBe("completed");
      expect((await stored(store, hold.id)).status).toBe("completed");
    });

    it("lets a cancelled run be taken again, and its former owner still not write", async () => {
      const store = await open();
      const { hold } = await claimed(store);
      await store.commit(hold, stepOf(0));
      await store.cancel(hold.id);
      expect(await store.reopen(hold.id)).toBe("cancelled");
      expect(await store.commit(hold, stepOf(1))).toBe("lost");
      const claim = await store.claim(claimOf({ id: hold.id }));
      expect(claim).toMatchObject({ kind: "claimed", run: { crashes: 0 }, steps: [stepOf(0)] });
      expect(holdOf(claim).epoch).toBeGreaterThan(hold.epoch + 1);
      expect(await store.commit(hold, stepOf(1))).toBe("lost");
    });

    it("forgets the crashes of a run that is reopened", async () => {
      const store = await open();
      const { hold } = await abandoned(store);
      expect(await store.claim(claimOf({ id: hold.id, maxCrashes: 0 }))).toMatchObject({ kind: "crashed" });
      expect(await store.reopen(hold.id)).toBe("needs_attention");
      expect(await store.claim(claimOf({ id: hold.id, maxCrashes: 0 }))).toMatchObject({
        kind: "claimed",
        run: { crashes: 0 },
      });
    });

    it("changes no run that needs no reopening", async () => {
      const store = await open();
      const { hold } = await claimed(store);
      expect(await store.reopen(hold.id)).toBe("running");
      expect(await store.commit(hold, stepOf(0))).toBe("committed");
    });

    it("knows nothing of a run that nobody has begun", async () => {
      const store = await open();
      expect(await store.cancel(randomUUID())).toBeUndefined();
      expect(await store.reopen(randomUUID())).toBeUndefined();
    });
  });

  describe("listing and sweeping", () => {
    /** Of a workflow that no other test knows. */
    const some = async (
      store: CheckpointStore,
      ends: readonly (Parameters<CheckpointStore["end"]>[1] | "")[],
    ) => {
      const workflow = randomUUID();
      const ids: string[] = [];
      for (const status of ends) {
        const { hold } = await claimed(store, { workflow });
        await store.commit(hold, stepOf(0));
        if (status !== "") await store.end(hold, status);
        ids.push(hold.id);
        await pass(2);
      }
      return { workflow, ids };
    };

    it("lists the last changed first, as many as wanted", async () => {
      const store = await open();
      const { workflow, ids } = await some(store, ["completed", "failed", "", "completed"]);
      const list = await store.list({ workflow, limit: 10 });
      expect(list.map(({ id }) => id)).toEqual(ids.toReversed());
      expect(list[1]).toEqual(await stored(store, ids[2]!));
      expect((await store.list({ workflow, limit: 2 })).map(({ id }) => id)).toEqual(ids.slice(2).reverse());
      expect((await store.list({ limit: 1_000 })).map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
    });

    it("lists runs of one status", async () => {
      const store = await open();
      const { workflow, ids } = await some(store, ["completed", "failed", "", "completed"]);
      const of = async (status: RunRecord["status"]) =>
        (await store.list({ workflow, status, limit: 10 })).map(({ id }) => id);
      expect(await of("completed")).toEqual([ids[3], ids[0]]);
      expect(await of("running")).toEqual([ids[2]]);
      expect(await of("cancelled")).toEqual([]);
    });

    it("removes completed runs of the workflow that ended so long ago, and no others", async () => {
      const store = await open();
      const { workflow, ids } = await some(store, ["completed", "failed", "", "needs_attention"]);
      const other = await some(store, ["completed"]);
      expect(await store.sweep(workflow, 60_000)).toBe(0);
      await pass(SHORT_MS);
      const late = claimOf({ workflow });
      await store.end(holdOf(await store.claim(late)), "completed");
      expect(await store.sweep(workflow, SHORT_MS)).toBe(1);
      expect(await store.read(ids[0]!)).toBeUndefined();
      const left = (await store.list({ workflow, limit: 10 })).map(({ id }) => id);
      expect(left.sort()).toEqual([...ids.slice(1), late.id].sort());
      expect(await store.read(other.ids[0]!)).toBeDefined();
      expect(await store.claim(claimOf({ id: ids[0]! }))).toMatchObject({ isNew: true, steps: [] });
    });

    it("removes more than one batch", async () => {
      const store = await open();
      const { workflow } = await some(
        store,
        Array.from({ length: 101 }, () => "completed" as const),
      );
      expect(await store.sweep(workflow, 0)).toBe(101);
      expect(await store.list({ workflow, limit: 10 })).toEqual([]);
    });
  });

  describe("what users send", () => {
    it.each([
      ["nothing", "", "workflow id must have 1 to 4096 bytes, got 0"],
      ["NUL", "a\0b", "NUL"],
      ["4,097 bytes", "x".repeat(4_097), "4096"],
      ["half of a character", "\ud800", "well-formed"],
      ["a number", 7 as unknown as string, "string"],
    ])("is refused as an id: %s", async (_, id, message) => {
      const store = await open();
      const calls = [
        () => store.claim(claimOf({ id })),
        () => store.commit({ id, epoch: 1 }, stepOf(0)),
        () => store.renew({ id, epoch: 1 }, 1_000),
        () => store.end({ id, epoch: 1 }, "failed"),
        () => store.forget({ id, epoch: 1 }),
        () => store.cancel(id),
        () => store.reopen(id),
        () => store.read(id),
      ];
      for (const call of calls) await expect(async () => call()).rejects.toThrow(TypeError);
      await expect(async () => store.read(id)).rejects.toThrow(message);
    });

    it("is kept as it is where it looks like SQL", async () => {
      const store = await open();
      for (const text of INJECTIONS.filter((_, n) => n % 12 === 0)) {
        const { hold } = await claimed(store, { id: `${text}${randomUUID()}`, workflow: text, owner: text });
        await store.commit(hold, { seq: 0, name: text, output: JSON.stringify(text), attempts: 1 });
        await store.end(hold, "failed", JSON.stringify(text));
        const [run] = await store.list({ workflow: text, status: "failed", limit: 1 });
        expect(run).toMatchObject({
          id: hold.id,
          workflow: text,
          owner: text,
          failure: JSON.stringify(text),
        });
        expect((await store.read(hold.id))?.steps).toMatchObject([{ name: text }]);
      }
    });
  });
}
