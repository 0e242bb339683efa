import { describe, expect, it } from "vitest";
import { type SharedStateOptions, sharedState } from "../../src/memory/shared-state.ts";

class Session {
  readonly id = 1;
}

describe("options of a shared state", () => {
  it.each<[unknown, string]>([
    [{ name: "" }, "sharedState: name must not be empty"],
    [{ name: 7 }, "sharedState: name must be a string, got number"],
    [{ name: "a\0b" }, "sharedState: name must not hold a NUL character"],
    [{ store: {} }, "store must be one that has shared state: sqliteStore, postgresStore or redisStore"],
    [{ store: null }, "store must be one that has shared state"],
    [{ maxKeys: 0 }, "sharedState: maxKeys must be a whole number from 1 to 1000000, got 0"],
    [{ maxBytes: 1.5 }, "sharedState: maxBytes must be a whole number from 2 to 67108864, got 1.5"],
  ])("are refused: %j", (options, message) => {
    expect(() => sharedState(options as SharedStateOptions)).toThrow(message);
  });
});

describe("bad input of a shared state", () => {
  const ring: Record<string, unknown> = {};
  ring["in"] = { ring };

  it.each<[unknown, string]>([
    [{ user: { since: new Date(0) } }, "sharedState: write: value.user.since must be plain JSON, got a Date"],
    [undefined, "sharedState: write: value must be plain JSON, got undefined"],
    [() => {}, "sharedState: write: value must be plain JSON, got a function"],
    [[1, undefined], "value[1] must be plain JSON, got undefined"],
    [{ n: Number.NaN }, "value.n must be plain JSON, got NaN (number)"],
    [{ n: 1n }, "value.n must be plain JSON, got 1 (bigint)"],
    [{ session: new Session() }, "value.session must be plain JSON, got a Session"],
    [new Map(), "value must be plain JSON, got a Map"],
    [ring, "must be plain JSON, got an object that holds itself"],
    [JSON.parse('{"a":{"__proto__":{}}}'), "the key __proto__ is not allowed"],
    ["x".repeat(2_000), "sharedState: write: value must have at most 1000 bytes as JSON, got 2002"],
  ])("is refused before anything is written, with the path: $1", async (value, message) => {
    const state = sharedState({ maxBytes: 1_000 });
    await expect(state.write("a", value)).rejects.toThrow(message);
    await expect(state.write("a", value, { expectedVersion: 0 })).rejects.toThrow(message);
    expect(await state.keys()).toEqual([]);
    expect(state.stats().commits).toBe(0);
  });

  it.each<[unknown, string]>([
    ["", "key must have 1 to 4096 bytes, got 0"],
    ["x".repeat(4_097), "key must have 1 to 4096 bytes, got 4097"],
    ["a\0b", "key must not hold a NUL character"],
    ["\ud800", "key must be well-formed Unicode"],
    [7, "key must be a string, got number"],
    [undefined, "key must be a string, got undefined"],
  ])("is a key such as %j", async (key, message) => {
    const state = sharedState();
    const bad = key as string;
    const all: [string, () => Promise<unknown>][] = [
      ["read", () => state.read(bad)],
      ["write", () => state.write(bad, 1)],
      ["delete", () => state.delete(bad)],
      ["history", () => state.history(bad)],
      ["lock", () => state.lock(bad)],
      ["session.read", () => state.session((session) => session.read(bad))],
      ["session.write", () => state.session((session) => session.write(bad, 1))],
      ["session.delete", () => state.session((session) => session.delete(bad))],
    ];
    for (const [method, call] of all)
      await expect(call()).rejects.toThrow(`sharedState: ${method}: ${message}`);
    expect(await state.keys()).toEqual([]);
  });

  it("is an agent, a version, a lock or a limit of time that cannot be", async () => {
    const state = sharedState();
    await expect(state.write("a", 1, { agent: "" })).rejects.toThrow(
      "sharedState: agent: name must not be empty",
    );
    await expect(state.write("a", 1, { agent: "a\0" })).rejects.toThrow(
      "sharedState: agent must not hold a NUL",
    );
    await expect(state.write("a", 1, { expectedVersion: -1 })).rejects.toThrow(
      "sharedState: write: expectedVersion must be a whole number >= 0, got -1",
    );
    await expect(state.delete("a", { expectedVersion: 0.5 })).rejects.toThrow("delete: expectedVersion");
    await expect(state.write("a", 1, { lock: {} as never })).rejects.toThrow("must be a lock of this state");
    const other = await sharedState().lock("a");
    await expect(state.write("a", 1, { lock: other })).rejects.toThrow(
      'must be a lock of this state, "state"',
    );
    await expect(state.lock("a", { leaseMs: 0 })).rejects.toThrow("lock: leaseMs must be a whole number");
    await expect(state.lock("a", { waitMs: -1 })).rejects.toThrow("lock: waitMs must be a whole number");
    await expect(state.session(7 as never)).rejects.toThrow(
      "sharedState: session: fn must be a function, got number",
    );
    await expect(state.session(() => {}, { retries: -1 })).rejects.toThrow("session: retries");
    expect(await state.keys()).toEqual([]);
  });

  it("is one key more than maxKeys, in a write and in a session", async () => {
    const state = sharedState({ name: "small", maxKeys: 2 });
    await state.write("a", 1);
    await state.write("b", 1);
    const message = 'sharedState: "small" has 2 keys, and with the new ones more than maxKeys, 2';
    await expect(state.write("c", 1)).rejects.toThrow(new RangeError(message));
    await expect(state.session((session) => session.write("c", 1))).rejects.toThrow(message);
    await state.write("a", 2);
    await state.session((session) => {
      session.delete("a");
      session.write("c", 1);
    });
    expect(await state.keys()).toEqual(["b", "c"]);
  });
});
