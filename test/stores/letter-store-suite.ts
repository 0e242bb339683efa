import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { DeadLetterStore, NewLetter } from "../../src/stores/letters/dead-letter-store.ts";
import { INJECTIONS } from "./injections.ts";

export interface LetterSetup {
  /** The same store each time, so that queues have to keep apart. */
  readonly open: () => Promise<DeadLetterStore>;
  /** Lets so much time pass by the clock of the store. */
  readonly pass: (ms: number) => unknown;
}

const START_MS = Date.UTC(2026, 10, 21);
const MANY = 100_000;
/** A lease that is over soon. */
const SHORT_MS = 20;

export function letterIn(queue: string, changes: Partial<NewLetter> = {}): NewLetter {
  return {
    queue,
    id: randomUUID(),
    taskType: "search",
    reason: "max_attempts",
    agent: "researcher",
    payload: '{"question":"otters"}',
    context: "{}",
    errorType: "TimeoutError",
    errorMessage: "timed out",
    history: "[]",
    attempts: 3,
    trace: undefined,
    firstAttemptMs: START_MS,
    lastAttemptMs: START_MS + 1_000,
    enteredMs: START_MS + 2_000,
    ...changes,
  };
}

const FAILED = {
  kind: "failed",
  errorType: "RateLimited",
  errorMessage: "too fast",
  history: '[{"a":1}]',
  atMs: START_MS + 9_000,
} as const;

/** What every store of dead letters does. */
export function letterStoreSuite({ open, pass }: LetterSetup): void {
  const setUp = async (changes: Partial<NewLetter> = {}) => {
    const [store, queue] = [await open(), randomUUID()];
    const letter = letterIn(queue, changes);
    expect(await store.add(letter, MANY)).toBe("added");
    const { id } = letter;
    const claim = (name: string, leaseMs = 60_000, maxReplays = 10) =>
      store.claim({ queue, id, claim: name, leaseMs, maxReplays });
    const read = async () => (await store.get(queue, id))!;
    return { store, queue, id, letter, claim, read };
  };

  it("gives a letter back as it was put in", async () => {
    const { letter, read } = await setUp({ trace: `${"a".repeat(32)}-${"b".repeat(16)}` });
    expect(await read()).toEqual({
      ...letter,
      replays: 0,
      claim: undefined,
      claimUntilMs: 0,
      resolution: undefined,
      resolvedMs: 0,
      replayRequestedMs: 0,
    });
  });

  it("knows nothing of a letter that was never put in, and of a queue that nobody used", async () => {
    const [store, queue] = [await open(), randomUUID()];
    expect(await store.get(queue, "a")).toBeUndefined();
    expect(await store.claim({ queue, id: "a", claim: "c", leaseMs: 1_000, maxReplays: 1 })).toEqual({
      kind: "missing",
    });
    expect(await store.resolve(queue, "a", "gone")).toEqual({ kind: "missing" });
    expect(await store.settle(queue, "a", "c", FAILED)).toBe(false);
    expect(await store.renew(queue, "a", "c", 1_000)).toBe(false);
    expect(await store.requestReplay(queue, "a")).toBe("missing");
    expect(await store.askedReplays(queue, 10)).toEqual([]);
    await store.dropRequest(queue, "a");
    expect(await store.purge(queue, 0)).toBe(0);
    expect(await store.list({ queue, limit: 10 })).toEqual([]);
    expect(await store.summary(queue)).toEqual({
      total: 0,
      unresolved: 0,
      resolved: 0,
      byTaskType: [],
      byErrorType: [],
      oldestMs: undefined,
    });
  });

  it("keeps the first of two letters with one id", async () => {
    const { store, letter, read } = await setUp();
    expect(await store.add({ ...letter, payload: "2" }, MANY)).toBe("there");
    expect((await read()).payload).toBe(letter.payload);
  });

  it("keeps one of fifty letters with one id that come at once", async () => {
    const [store, queue] = [await open(), randomUUID()];
    const letter = letterIn(queue);
    const answers = await Promise.all(Array.from({ length: 50 }, () => store.add(letter, MANY)));
    expect(answers.filter((answer) => answer === "added").length).toBe(1);
    expect((await store.summary(queue)).total).toBe(1);
  });

  it("takes as many unresolved ones as are allowed, of a hundred that come at once", async () => {
    const [store, queue] = [await open(), randomUUID()];
    const letters = Array.from({ length: 100 }, () => letterIn(queue));
    const answers = await Promise.all(letters.map((letter) => store.add(letter, 20)));
    expect(answers.filter((answer) => answer === "added").length).toBe(20);
    const first = letters[answers.indexOf("added")]!;
    expect(await store.add(first, 20)).toBe("there");
    await store.resolve(queue, first.id, "done");
    expect(await store.add(letterIn(queue), 20)).toBe("added");
    expect(await store.add(letterIn(queue), 20)).toBe("full");
  });

  it("lists unresolved ones, the last attempt first, of one task type, and as many as wanted", async () => {
    const [store, queue] = [await open(), randomUUID()];
    const add = (id: string, taskType: string, lastAttemptMs: number) =>
      store.add(letterIn(queue, { id, taskType, lastAttemptMs }), MANY);
    await add("b", "search", START_MS + 2);
    await add("a", "search", START_MS + 2);
    await add("c", "write", START_MS + 3);
    await add("d", "search", START_MS + 1);
    await add("e", "search", START_MS + 9);
    await store.resolve(queue, "e", "done");
    const ids = async (query: object) =>
      (await store.list({ queue, limit: 10, ...query })).map(({ id }) => id);
    expect(await ids({})).toEqual(["c", "a", "b", "d"]);
    expect(await ids({ limit: 2 })).toEqual(["c", "a"]);
    expect(await ids({ taskType: "search" })).toEqual(["a", "b", "d"]);
    expect(await ids({ resolved: true })).toEqual(["e"]);
    expect(await ids({ taskType: "nothing" })).toEqual([]);
    expect(await ids({ oldestFirst: true })).toEqual(["d", "a", "b", "c"]);
    await store.claim({ queue, id: "a", claim: "c", leaseMs: 60_000, maxReplays: 9 });
    expect(await ids({ maxReplays: 1 })).toEqual(["c", "b", "d"]);
  });

  it("gives a letter to one of twenty who want it at once, and tells the others for how long", async () => {
    const { claim } = await setUp();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => claim(`c${i}`)));
    const taken = answers.filter(({ kind }) => kind === "claimed");
    expect(taken).toMatchObject([{ letter: { replays: 1, attempts: 3, payload: '{"question":"otters"}' } }]);
    const held = answers.find((answer) => answer.kind === "held");
    expect(held?.forMs).toBeGreaterThan(50_000);
    expect(held?.forMs).toBeLessThanOrEqual(60_000);
  });

  it("takes the same claim once, however often it is asked for", async () => {
    const { claim } = await setUp();
    await claim("mine");
    expect(await claim("mine")).toMatchObject({ kind: "claimed", letter: { replays: 1 } });
  });

  it("keeps a resolved letter resolved", async () => {
    const { store, queue, id, claim, read } = await setUp();
    await claim("mine");
    expect(await store.settle(queue, id, "mine", { kind: "resolved", resolution: "done" })).toBe(true);
    expect(await claim("other")).toMatchObject({ kind: "resolved", letter: { resolution: "done" } });
    expect(await store.resolve(queue, id, "again")).toEqual({ kind: "already" });
    expect(await read()).toMatchObject({ resolution: "done", attempts: 3, claimUntilMs: 0 });
    expect((await read()).resolvedMs).toBeGreaterThan(0);
  });

  it("counts a failed replay as an attempt, keeps its error, and gives the letter out again", async () => {
    const { store, queue, id, claim, read } = await setUp();
    await claim("mine");
    expect(await store.settle(queue, id, "mine", FAILED)).toBe(true);
    expect(await read()).toMatchObject({
      attempts: 4,
      replays: 1,
      errorType: "RateLimited",
      errorMessage: "too fast",
      history: '[{"a":1}]',
      lastAttemptMs: START_MS + 9_000,
      resolvedMs: 0,
    });
    expect((await claim("next")).kind).toBe("claimed");
  });

  it("counts an outcome once, also when it is said twice", async () => {
    const { store, queue, id, claim, read } = await setUp();
    await claim("mine");
    expect(await store.settle(queue, id, "mine", FAILED)).toBe(true);
    expect(await store.settle(queue, id, "mine", FAILED)).toBe(true);
    expect((await read()).attempts).toBe(4);
  });

  it("does not count a replay that was given up before it had an outcome", async () => {
    const { store, queue, id, claim, read } = await setUp();
    await claim("mine");
    expect(await store.settle(queue, id, "mine", { kind: "released" })).toBe(true);
    expect(await read()).toMatchObject({ attempts: 3, replays: 0, claimUntilMs: 0 });
    expect((await claim("next", 60_000, 1)).kind).toBe("claimed");
  });

  it("gives out no letter that was replayed as often as is allowed", async () => {
    const { store, queue, id, claim } = await setUp();
    for (let i = 0; i < 3; i++) {
      expect((await claim(`c${i}`, 60_000, 3)).kind).toBe("claimed");
      await store.settle(queue, id, `c${i}`, FAILED);
    }
    expect(await claim("more", 60_000, 3)).toMatchObject({ kind: "exhausted", letter: { replays: 3 } });
    expect((await claim("more", 60_000, 4)).kind).toBe("claimed");
  });

  it("gives a letter to the next one when a lease is over, and counts the one that vanished", async () => {
    const { store, queue, id, claim, read } = await setUp();
    await claim("first", SHORT_MS);
    await pass(SHORT_MS);
    expect((await claim("next", 60_000)).kind).toBe("claimed");
    expect(await read()).toMatchObject({ replays: 2, attempts: 4, claim: "next" });
    expect(await store.settle(queue, id, "first", FAILED)).toBe(false);
    expect(await store.renew(queue, id, "first", 60_000)).toBe(false);
    expect(await read()).toMatchObject({ attempts: 4, errorType: "TimeoutError" });
  });

  it("lets a late one say what became of it where nobody else has taken the letter", async () => {
    const { store, queue, id, claim } = await setUp();
    await claim("mine", SHORT_MS);
    await pass(SHORT_MS);
    expect(await store.settle(queue, id, "mine", { kind: "resolved", resolution: "late" })).toBe(true);
  });

  it("keeps a letter for who renews it", async () => {
    const { store, queue, id, claim } = await setUp();
    await claim("mine", 60_000);
    expect(await store.renew(queue, id, "mine", 600_000)).toBe(true);
    const other = await claim("other");
    expect(other.kind === "held" && other.forMs).toBeGreaterThan(500_000);
  });

  it("is not resolved by hand while somebody replays it, and is no longer his once it was", async () => {
    const { store, queue, id, claim, read } = await setUp();
    await claim("mine", 60_000);
    expect(await store.resolve(queue, id, "by hand")).toMatchObject({ kind: "held" });
    await store.settle(queue, id, "mine", { kind: "released" });
    await claim("gone", SHORT_MS);
    await pass(SHORT_MS);
    expect(await store.resolve(queue, id, "by hand")).toMatchObject({ kind: "resolved" });
    expect(await store.settle(queue, id, "gone", FAILED)).toBe(false);
    expect(await read()).toMatchObject({ resolution: "by hand", attempts: 3 });
  });

  it("keeps a request for a replay with the letter, and one however often it is asked for", async () => {
    const { store, queue, id, read } = await setUp();
    expect(await Promise.all([store.requestReplay(queue, id), store.requestReplay(queue, id)])).toEqual([
      "asked",
      "asked",
    ]);
    const { replayRequestedMs } = await read();
    expect(replayRequestedMs).toBeGreaterThan(0);
    await pass(5);
    expect(await store.requestReplay(queue, id)).toBe("asked");
    expect(await read()).toMatchObject({ replayRequestedMs, attempts: 3, replays: 0 });
    expect(await store.askedReplays(queue, 10)).toEqual([id]);
  });

  it("names the letters that are asked for, the oldest request first, and as many as wanted", async () => {
    const [store, queue] = [await open(), randomUUID()];
    for (const id of ["a", "b", "c", "d"]) await store.add(letterIn(queue, { id }), MANY);
    for (const id of ["c", "a", "d"]) {
      await store.requestReplay(queue, id);
      await pass(5);
    }
    expect(await store.askedReplays(queue, 10)).toEqual(["c", "a", "d"]);
    expect(await store.askedReplays(queue, 2)).toEqual(["c", "a"]);
    expect(await store.askedReplays(randomUUID(), 10)).toEqual([]);
  });

  it.each(["failed", "resolved"])("takes a request off with a replay that %s", async (kind) => {
    const { store, queue, id, claim, read } = await setUp();
    await store.requestReplay(queue, id);
    await claim("mine");
    const outcome = kind === "failed" ? FAILED : ({ kind: "resolved", resolution: "done" } as const);
    await store.settle(queue, id, "mine", outcome);
    expect((await read()).replayRequestedMs).toBe(0);
    expect(await store.askedReplays(queue, 10)).toEqual([]);
    expect(await store.requestReplay(queue, id)).toBe(kind === "failed" ? "asked" : "resolved");
  });

  it("keeps the request of a replay that vanished, or was given up", async () => {
    const { store, queue, id, claim } = await setUp();
    await store.requestReplay(queue, id);
    await claim("given up");
    expect(await store.askedReplays(queue, 10)).toEqual([]);
    await store.settle(queue, id, "given up", { kind: "released" });
    expect(await store.askedReplays(queue, 10)).toEqual([id]);
    await claim("gone", SHORT_MS);
    await pass(SHORT_MS);
    expect(await store.askedReplays(queue, 10)).toEqual([id]);
  });

  it("takes a request off that is dropped, or whose letter is resolved by hand", async () => {
    const { store, queue, id, read } = await setUp();
    await store.requestReplay(queue, id);
    await store.dropRequest(queue, id);
    expect((await read()).replayRequestedMs).toBe(0);
    await store.requestReplay(queue, id);
    await store.resolve(queue, id, "by hand");
    expect((await read()).replayRequestedMs).toBe(0);
    expect(await store.requestReplay(queue, id)).toBe("resolved");
  });

  it("gives out a letter that is wanted where it is asked for, and not where it no longer is", async () => {
    const { store, queue, id, read } = await setUp();
    const asked = (name: string) =>
      store.claim({ queue, id, claim: name, leaseMs: 60_000, maxReplays: 10, onlyAsked: true });
    expect(await asked("early")).toEqual({ kind: "unasked" });
    await store.requestReplay(queue, id);
    const all = await Promise.all([asked("one"), asked("other")]);
    const taken = all.findIndex(({ kind }) => kind === "claimed");
    expect(all[1 - taken]).toMatchObject({ kind: "held" });
    await store.settle(queue, id, ["one", "other"][taken]!, FAILED);
    expect(await asked("late")).toEqual({ kind: "unasked" });
    expect(await read()).toMatchObject({ replays: 1, attempts: 4 });
  });

  it("removes letters that were resolved so long ago, and no others", async () => {
    const [store, queue] = [await open(), randomUUID()];
    for (const id of ["open", "old", "held"]) await store.add(letterIn(queue, { id }), MANY);
    await store.resolve(queue, "old", "done");
    await store.claim({ queue, id: "held", claim: "c", leaseMs: 60_000, maxReplays: 9 });
    expect(await store.purge(queue, 3_600_000)).toBe(0);
    expect(await store.purge(queue, 0)).toBe(1);
    expect(await store.get(queue, "old")).toBeUndefined();
    expect((await store.list({ queue, limit: 9 })).map(({ id }) => id)).toEqual(["held", "open"]);
  });

  it("sums up a queue: how many, of which type, with which error, and how old", async () => {
    const [store, queue] = [await open(), randomUUID()];
    const add = (id: string, taskType: string, errorType: string, firstAttemptMs: number) =>
      store.add(letterIn(queue, { id, taskType, errorType, firstAttemptMs }), MANY);
    await add("a", "search", "Timeout", START_MS + 5);
    await add("b", "write", "Timeout", START_MS + 3);
    await add("c", "write", "Refused", START_MS + 4);
    await add("d", "plan", "Refused", START_MS);
    await store.resolve(queue, "d", "done");
    expect(await store.summary(queue)).toEqual({
      total: 4,
      unresolved: 3,
      resolved: 1,
      byTaskType: [
        ["write", 2],
        ["search", 1],
      ],
      byErrorType: [
        ["Timeout", 2],
        ["Refused", 1],
      ],
      oldestMs: START_MS + 3,
    });
  });

  it("tells how deep a queue is, as its summary does", async () => {
    const [store, queue] = [await open(), randomUUID()];
    expect(await store.depth(queue)).toEqual({ unresolved: 0, oldestMs: undefined });
    await store.add(letterIn(queue, { firstAttemptMs: START_MS + 7 }), MANY);
    await store.add(letterIn(queue, { id: "a", firstAttemptMs: START_MS }), MANY);
    await store.resolve(queue, "a", "done");
    expect(await store.depth(queue)).toEqual({ unresolved: 1, oldestMs: START_MS + 7 });
  });

  it("names the queues that have letters", async () => {
    const [store, one, other] = [await open(), `a-${randomUUID()}`, `b-${randomUUID()}`];
    await store.add(letterIn(other), MANY);
    await store.add(letterIn(one), MANY);
    expect((await store.queues()).filter((name) => name === one || name === other)).toEqual([one, other]);
  });

  it("keeps queues apart that use one id", async () => {
    const [store, one, other] = [await open(), randomUUID(), randomUUID()];
    await store.add(letterIn(one, { id: "same", payload: "1" }), MANY);
    await store.add(letterIn(other, { id: "same", payload: "2" }), MANY);
    await store.resolve(one, "same", "done");
    expect((await store.get(other, "same"))?.resolvedMs).toBe(0);
    expect((await store.get(one, "same"))?.payload).toBe("1");
  });

  it("takes any text as what it is: ids, task types, errors and payloads that would leave a statement", async () => {
    const [store, queue] = [await open(), randomUUID()];
    const other = letterIn(queue, { id: "bystander" });
    await store.add(other, MANY);
    const texts = fc.constantFrom(...INJECTIONS);
    await fc.assert(
      fc.asyncProperty(texts, texts, texts, async (id, taskType, errorMessage) => {
        const letter = letterIn(queue, {
          id,
          taskType,
          errorMessage,
          payload: JSON.stringify({ [id]: taskType }),
        });
        const answer = await store.add(letter, MANY);
        const found = await store.get(queue, id);
        expect(found?.id).toBe(id);
        if (answer === "added") expect(found).toMatchObject(letter);
        const asked = await store.list({ queue, taskType, limit: MANY });
        expect(asked.every((each) => each.taskType === taskType)).toBe(true);
        expect((await store.claim({ queue, id, claim: id, leaseMs: 9, maxReplays: 9 })).kind).not.toBe(
          "missing",
        );
        await store.settle(queue, id, id, { ...FAILED, errorMessage });
        await store.resolve(queue, id, errorMessage);
        expect(await store.get(queue, "bystander")).toMatchObject(other);
      }),
      { numRuns: 60 },
    );
  });

  it("does what a list of letters in memory would do, over random orders of steps", async () => {
    const store = await open();
    const steps = fc.array(
      fc.record({
        id: fc.constantFrom("a", "b", "c"),
        step: fc.constantFrom("add", "ask", "claim", "fail", "finish", "release", "resolve", "purge"),
      }),
      { maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const queue = randomUUID();
        const model = new Map<string, Model>();
        for (const [i, { id, step }] of all.entries())
          await modelStep(store, queue, model, id, step, `c${i}`);
        for (const [id, { attempts, replays, isResolved, isAsked }] of model) {
          const found = await store.get(queue, id);
          expect(found).toMatchObject({ attempts, replays });
          expect(found!.resolvedMs > 0).toBe(isResolved);
          expect(found!.replayRequestedMs > 0).toBe(isAsked);
        }
        const asked = [...model].filter(([, { isAsked, claim }]) => isAsked && claim === undefined);
        expect([...(await store.askedReplays(queue, MANY))].sort()).toEqual(asked.map(([id]) => id).sort());
        expect((await store.summary(queue)).total).toBe(model.size);
      }),
      { numRuns: 25 },
    );
  });
}

interface Model {
  attempts: number;
  replays: number;
  isResolved: boolean;
  isAsked: boolean;
  claim: string | undefined;
}

async function modelStep(
  store: DeadLetterStore,
  queue: string,
  model: Map<string, Model>,
  id: string,
  step: string,
  name: string,
): Promise<void> {
  const known = model.get(id);
  const isFree = known !== undefined && !known.isResolved && known.claim === undefined;
  if (step === "add") {
    const answer = await store.add(letterIn(queue, { id }), MANY);
    expect(answer).toBe(known === undefined ? "added" : "there");
    if (known === undefined)
      model.set(id, { attempts: 3, replays: 0, isResolved: false, isAsked: false, claim: undefined });
  } else if (step === "ask") {
    const expected = known?.isResolved === true ? "resolved" : known === undefined ? "missing" : "asked";
    expect(await store.requestReplay(queue, id)).toBe(expected);
    if (known !== undefined && !known.isResolved) known.isAsked = true;
  } else if (step === "claim") {
    const { kind } = await store.claim({ queue, id, claim: name, leaseMs: 60_000, maxReplays: 3 });
    const isLeft = (known?.replays ?? 0) < 3;
    expect(kind === "claimed").toBe(isFree && isLeft);
    if (known !== undefined && kind === "claimed")
      Object.assign(known, { claim: name, replays: known.replays + 1 });
  } else if (step === "resolve") {
    expect((await store.resolve(queue, id, "by hand")).kind === "resolved").toBe(isFree);
    if (isFree) Object.assign(known, { isResolved: true, isAsked: false });
  } else if (step === "purge") {
    const gone = [...model].filter(([, { isResolved }]) => isResolved);
    expect(await store.purge(queue, 0)).toBe(gone.length);
    for (const [each] of gone) model.delete(each);
  } else if (known?.claim !== undefined) {
    const [claim, isEnd] = [known.claim, step === "finish"];
    const outcome = isEnd
      ? ({ kind: "resolved", resolution: "done" } as const)
      : step === "fail"
        ? FAILED
        : ({ kind: "released" } as const);
    expect(await store.settle(queue, id, claim, outcome)).toBe(true);
    known.claim = undefined;
    if (step !== "release") known.isAsked = false;
    if (isEnd) known.isResolved = true;
    else if (step === "fail") known.attempts += 1;
    else known.replays -= 1;
  }
}
