import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { StateChange, StateCommit, StateStore } from "../../src/stores/state/state-store.ts";
import { INJECTIONS } from "./injections.ts";

/** Always the same place, which a new connection may stand for. */
export type OpenState = () => Promise<StateStore>;

const AT_MS = Date.UTC(2026, 0, 2);

/** A change to JSON of the value, whatever is there; with `expected` only over that version. */
export function put(key: string, value: unknown, expected?: number): StateChange {
  return { key, text: JSON.stringify(value), agent: "writer", expected };
}

export function remove(key: string, expected?: number): StateChange {
  return { key, text: undefined, agent: "remover", expected };
}

/** All but what is given is empty. */
export function commitOf(space: string, rest: Partial<StateCommit>): StateCommit {
  const none = { changes: [], checks: [], listed: undefined, fences: [] };
  return { space, ...none, maxKeys: 10_000, atMs: AT_MS, ...rest };
}

/** What every store of shared state does. */
export function stateStoreSuite(open: OpenState): void {
  const setUp = async () => {
    const store = await open();
    const space = randomUUID();
    const commit = (rest: Partial<StateCommit>) => store.commit(commitOf(space, rest));
    const texts = async () => (await store.snapshot(space)).map(({ key, text }) => [key, text]);
    return { store, space, commit, texts };
  };

  it("knows nothing of what nobody has written", async () => {
    const { store, space } = await setUp();
    expect(await store.read(space, ["a", "b"])).toEqual([undefined, undefined]);
    expect(await store.read(space, [])).toEqual([]);
    expect(await store.snapshot(space)).toEqual([]);
    expect(await store.history(space, "a")).toEqual([]);
  });

  it("gives back what was written, in the order of the keys asked for, with who wrote it and when", async () => {
    const { store, space, commit } = await setUp();
    expect(await commit({ changes: [put("a", { n: 1 }), put("b", [2])] })).toEqual({
      kind: "committed",
      versions: [1, 1],
    });
    const a = { key: "a", version: 1, text: '{"n":1}', agent: "writer", atMs: AT_MS };
    const b = { key: "b", version: 1, text: "[2]", agent: "writer", atMs: AT_MS };
    expect(await store.read(space, ["b", "x", "a"])).toEqual([b, undefined, a]);
    expect(await store.snapshot(space)).toEqual([a, b]);
  });

  it("counts the versions of each key by itself", async () => {
    const { commit } = await setUp();
    await commit({ changes: [put("a", 1)] });
    expect(await commit({ changes: [put("b", 1), put("a", 2)] })).toEqual({
      kind: "committed",
      versions: [1, 2],
    });
  });

  it("writes over the version that was expected, and over no other", async () => {
    const { store, space, commit } = await setUp();
    await commit({ changes: [put("a", 1, 0)] });
    expect(await commit({ changes: [put("a", 2, 1)] })).toEqual({ kind: "committed", versions: [2] });
    const answer = await commit({ changes: [put("a", "lost", 1)] });
    const [current] = await store.read(space, ["a"]);
    expect(current).toMatchObject({ version: 2, text: "2" });
    expect(answer).toEqual({ kind: "conflict", current: [current] });
  });

  it("says of a key that was never there that it has version 0 and no text", async () => {
    const { commit } = await setUp();
    expect(await commit({ changes: [put("a", 1, 3)] })).toMatchObject({
      kind: "conflict",
      current: [{ key: "a", version: 0, text: undefined }],
    });
  });

  it("writes all of a commit or nothing", async () => {
    const { commit, texts } = await setUp();
    await commit({ changes: [put("a", 1), put("b", 1)] });
    const answer = await commit({ changes: [put("a", 2, 1), put("c", 2, 0), put("b", 2, 7)] });
    expect(answer).toMatchObject({ kind: "conflict", current: [{ key: "b", version: 1 }] });
    expect(await texts()).toEqual([
      ["a", "1"],
      ["b", "1"],
    ]);
  });

  it("writes nothing where what was only read has changed", async () => {
    const { commit, texts } = await setUp();
    await commit({ changes: [put("a", 1)] });
    expect(
      await commit({
        changes: [put("b", 1)],
        checks: [
          { key: "a", version: 0 },
          { key: "never", version: 0 },
        ],
      }),
    ).toMatchObject({ kind: "conflict", current: [{ key: "a", version: 1, text: "1" }] });
    expect(await texts()).toEqual([["a", "1"]]);
    expect((await commit({ changes: [put("b", 1)], checks: [{ key: "a", version: 1 }] })).kind).toBe(
      "committed",
    );
  });

  it("names conflicts in the order of changes and then checks", async () => {
    const { commit } = await setUp();
    await commit({ changes: [put("a", 1), put("b", 1), put("c", 1)] });
    const answer = await commit({
      changes: [put("c", 2, 9), put("a", 2, 9)],
      checks: [{ key: "b", version: 9 }],
    });
    expect(answer.kind === "conflict" && answer.current.map(({ key }) => key)).toEqual(["c", "a", "b"]);
  });

  it("writes nothing where keys came or went since all were listed", async () => {
    const { commit } = await setUp();
    await commit({ changes: [put("a", 1), put("b", 1)] });
    const listed = ["a", "b"];
    expect((await commit({ changes: [put("a", 2)], listed })).kind).toBe("committed");
    await commit({ changes: [put("c", 1)] });
    expect(await commit({ changes: [put("a", 3)], listed })).toMatchObject({
      kind: "conflict",
      current: [{ key: "c", version: 1, text: "1" }],
    });
    await commit({ changes: [remove("c"), remove("b")] });
    expect(await commit({ changes: [put("a", 3)], listed })).toMatchObject({
      kind: "conflict",
      current: [{ key: "b", version: 2, text: undefined }],
    });
  });

  it("lets a deleted key go on with its versions, and leaves it out of what is there", async () => {
    const { store, space, commit, texts } = await setUp();
    await commit({ changes: [put("a", 1)] });
    expect(await commit({ changes: [remove("a", 1)] })).toEqual({ kind: "committed", versions: [2] });
    expect(await texts()).toEqual([]);
    expect(await store.read(space, ["a"])).toMatchObject([{ version: 2, text: undefined, agent: "remover" }]);
    expect(await commit({ changes: [put("a", 1, 2)] })).toEqual({ kind: "committed", versions: [3] });
  });

  it("changes nothing where what is to be deleted is not there", async () => {
    const { store, space, commit } = await setUp();
    expect(await commit({ changes: [remove("a", 0)] })).toEqual({ kind: "committed", versions: [0] });
    expect(await store.read(space, ["a"])).toEqual([undefined]);
    await commit({ changes: [put("a", 1)] });
    await commit({ changes: [remove("a")] });
    expect(await commit({ changes: [remove("a"), put("b", 1)] })).toEqual({
      kind: "committed",
      versions: [2, 1],
    });
    expect(await store.history(space, "a")).toHaveLength(2);
  });

  it("keeps the last twenty versions of a key, the newest first", async () => {
    const { store, space, commit } = await setUp();
    for (let n = 1; n <= 25; n++) await commit({ changes: [put("a", n), put(`other ${n}`, n)] });
    await commit({ changes: [remove("a")] });
    const history = await store.history(space, "a");
    expect(history.map(({ version }) => version)).toEqual(Array.from({ length: 20 }, (_, i) => 26 - i));
    expect(history[0]).toEqual({ key: "a", version: 26, text: undefined, agent: "remover", atMs: AT_MS });
    expect(history[1]).toEqual({ key: "a", version: 25, text: "25", agent: "writer", atMs: AT_MS });
  });

  it("takes new keys up to the most, and changes of old ones beyond", async () => {
    const { commit, texts } = await setUp();
    await commit({ changes: [put("a", 1), put("b", 1)], maxKeys: 2 });
    expect(await commit({ changes: [put("c", 1)], maxKeys: 2 })).toEqual({ kind: "full", keys: 2 });
    expect((await commit({ changes: [put("a", 2)], maxKeys: 1 })).kind).toBe("committed");
    expect((await commit({ changes: [put("c", 1), remove("b")], maxKeys: 2 })).kind).toBe("committed");
    expect(await texts()).toEqual([
      ["a", "2"],
      ["c", "1"],
    ]);
  });

  it("keeps spaces apart", async () => {
    const { store, space, commit } = await setUp();
    await commit({ changes: [put("a", 1)] });
    const other = `${space}}:entries`;
    expect(await store.commit(commitOf(other, { changes: [put("a", 2, 0)] }))).toMatchObject({
      kind: "committed",
    });
    expect(await store.lock(other, "a", "x", 1_000)).toMatchObject({ kind: "locked" });
    expect(await store.lock(space, "a", "y", 1_000)).toMatchObject({ kind: "locked" });
    expect(await store.read(space, ["a"])).toMatchObject([{ text: "1" }]);
  });

  it("lets exactly one of a hundred who saw the same version write", async () => {
    const { commit } = await setUp();
    await commit({ changes: [put("a", 0)] });
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => commit({ changes: [put("a", n, 1)] })),
    );
    expect(answers.filter(({ kind }) => kind === "committed")).toHaveLength(1);
  });

  it("takes a commit of a thousand keys with their checks", async () => {
    const { store, space, commit } = await setUp();
    const keys = Array.from({ length: 1_000 }, (_, n) => `key ${String(n).padStart(4, "0")}`);
    await commit({ changes: keys.map((key) => put(key, 0, 0)) });
    const [some, others] = [keys.slice(0, 500), keys.slice(500)];
    const changes = some.map((key) => put(key, 1, 1));
    const checks = others.map((key) => ({ key, version: 1 }));
    expect((await commit({ changes, checks, listed: keys })).kind).toBe("committed");
    const all = await store.snapshot(space);
    expect(all.map(({ key }) => key)).toEqual(keys);
    expect(all.map(({ version }) => version)).toEqual(keys.map((_, i) => (i < 500 ? 2 : 1)));
  });

  it("gives a lock to one owner, with a larger fence each time, and says who has it", async () => {
    const { store, space } = await setUp();
    expect(await store.lock(space, "a", "one", 60_000)).toEqual({ kind: "locked", fence: 1 });
    const answer = await store.lock(space, "a", "other", 60_000);
    expect(answer).toMatchObject({ kind: "held", owner: "one" });
    expect(answer.kind === "held" && answer.forMs).toBeGreaterThan(50_000);
    expect(answer.kind === "held" && answer.forMs).toBeLessThanOrEqual(60_000);
    expect(await store.unlock(space, "a", 1)).toBe(true);
    expect(await store.lock(space, "a", "other", 60_000)).toEqual({ kind: "locked", fence: 2 });
  });

  it("lets an owner who has a lock keep his fence, and knows one lock of another", async () => {
    const { store, space } = await setUp();
    await store.lock(space, "a", "one", 60_000);
    expect(await store.lock(space, "a", "one", 60_000)).toEqual({ kind: "locked", fence: 1 });
    expect(await store.lock(space, "b", "other", 60_000)).toEqual({ kind: "locked", fence: 1 });
  });

  it("releases and extends a lock for its holder alone", async () => {
    const { store, space } = await setUp();
    expect(await store.unlock(space, "a", 1)).toBe(false);
    expect(await store.extend(space, "a", 1, 60_000)).toBe(false);
    await store.lock(space, "a", "one", 60_000);
    expect(await store.unlock(space, "a", 2)).toBe(false);
    expect(await store.extend(space, "a", 2, 60_000)).toBe(false);
    expect(await store.extend(space, "a", 1, 120_000)).toBe(true);
    const answer = await store.lock(space, "a", "other", 60_000);
    expect(answer.kind === "held" && answer.forMs).toBeGreaterThan(60_000);
    expect(await store.unlock(space, "a", 1)).toBe(true);
    expect(await store.unlock(space, "a", 1)).toBe(false);
    expect(await store.extend(space, "a", 1, 60_000)).toBe(false);
  });

  it("writes with a lock until somebody else has it, and not again when he has given it back", async () => {
    const { store, space, commit } = await setUp();
    const fences = [{ key: "a", fence: 1 }];
    expect(await commit({ changes: [put("x", 0)], fences })).toEqual({ kind: "fenced", key: "a" });
    await store.lock(space, "a", "one", 60_000);
    expect((await commit({ changes: [put("x", 1)], fences })).kind).toBe("committed");
    await store.unlock(space, "a", 1);
    await store.lock(space, "a", "other", 60_000);
    expect(await commit({ changes: [put("x", 2)], fences })).toEqual({ kind: "fenced", key: "a" });
    await store.unlock(space, "a", 2);
    expect(await commit({ changes: [put("x", 3)], fences })).toEqual({ kind: "fenced", key: "a" });
    expect(await store.read(space, ["x"])).toMatchObject([{ text: "1" }]);
  });

  it("lets exactly one of twenty who ask at once have a lock", async () => {
    const { store, space } = await setUp();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => store.lock(space, "a", `owner ${n}`, 60_000)),
    );
    expect(answers.filter(({ kind }) => kind === "locked")).toHaveLength(1);
  });

  it(`takes ${INJECTIONS.length} payloads for SQL as keys, values, agents and owners for what they are`, async () => {
    const { store, space, commit } = await setUp();
    const changes = INJECTIONS.map((text) => ({ ...put(text, { [text]: text }), agent: text }));
    await commit({ changes: [put("other", "untouched")] });
    expect((await commit({ changes })).kind).toBe("committed");
    const found = await store.read(space, INJECTIONS);
    expect(found.map((entry) => [entry?.key, entry?.text, entry?.agent])).toEqual(
      changes.map(({ key, text, agent }) => [key, text, agent]),
    );
    for (const text of INJECTIONS.slice(0, 100)) {
      expect(await store.lock(space, text, text, 1_000)).toEqual({ kind: "locked", fence: 1 });
      expect(await store.history(space, text)).toHaveLength(1);
    }
    expect(await store.read(space, ["other"])).toMatchObject([{ text: '"untouched"', version: 1 }]);
    expect((await store.snapshot(space)).length).toBe(INJECTIONS.length + 1);
  });

  it("gives back any key, and any text, as it was", async () => {
    const { store, space, commit } = await setUp();
    const key = fc
      .string({ unit: "binary", minLength: 1, maxLength: 200 })
      .filter((one) => !one.includes("\0"));
    await fc.assert(
      fc.asyncProperty(key, fc.json(), async (any, text) => {
        await commit({ changes: [{ key: any, text, agent: any, expected: undefined }] });
        expect(await store.read(space, [any])).toMatchObject([{ key: any, text, agent: any }]);
        expect((await store.history(space, any))[0]).toMatchObject({ text, agent: any });
      }),
      { numRuns: 50 },
    );
  });

  it("does as a map of versions does, over random commits", async () => {
    const store = await open();
    const key = fc.constantFrom("a", "b", "c");
    const change = fc.record({
      key,
      text: fc.constantFrom("1", "2", undefined),
      agent: fc.constant("x"),
      expected: fc.constantFrom(undefined, 0, 1, 2, 3),
    });
    const step = fc.record({
      changes: fc.uniqueArray(change, { selector: (one) => one.key, maxLength: 3 }),
      checks: fc.array(fc.record({ key, version: fc.nat(3) }), { maxLength: 1 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const space = randomUUID();
        const model = new Map<string, { version: number; text: string | undefined }>();
        const now = (of: string) => model.get(of) ?? { version: 0, text: undefined };
        for (const { changes, checks } of steps) {
          const fits =
            changes.every((one) => one.expected === undefined || one.expected === now(one.key).version) &&
            checks.every((one) => one.version === now(one.key).version);
          const answer = await store.commit(commitOf(space, { changes, checks }));
          expect(answer.kind).toBe(fits ? "committed" : "conflict");
          if (!fits) continue;
          for (const { key: of, text } of changes) {
            const { version, text: before } = now(of);
            if (text !== undefined || before !== undefined) model.set(of, { version: version + 1, text });
          }
        }
        const found = await store.read(space, ["a", "b", "c"]);
        expect(found.map((entry) => ({ version: entry?.version ?? 0, text: entry?.text }))).toEqual(
          ["a", "b", "c"].map(now),
        );
      }),
      { numRuns: 40 },
    );
  });
}
