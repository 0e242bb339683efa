import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { type SharedState, sharedState } from "../../src/memory/shared-state.ts";
import { sqliteStore } from "../../src/stores/sqlite/sqlite-store.ts";
import { INJECTIONS } from "../stores/injections.ts";

const KEYS = 5_000;
const PARTS = [
  "..",
  "../",
  "..\\",
  "/etc/passwd",
  "%2e%2e/",
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "CON",
  "NUL",
  "\0",
  "\n",
  "\u202e",
  "ü",
  "u\u0308",
  "🦜",
  "\ud83e",
  "{state:x}",
  ":",
  "*",
  "$where",
  "'",
  "--",
  " ",
  "0",
  "x".repeat(4_096),
];
const hostile = fc.oneof(
  fc.array(fc.constantFrom(...PARTS), { minLength: 1, maxLength: 4 }).map((parts) => parts.join("")),
  fc.string({ unit: "binary", minLength: 1, maxLength: 50 }),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 50 }),
);

/** Two thousand, in the places of keys, values and agents. */
const PAYLOADS = [
  ...INJECTIONS,
  ...INJECTIONS.map((text) => `${text} `),
  ...INJECTIONS.map((text) => `;${text}`),
]
  .concat(INJECTIONS.map((text) => `x' ${text}`))
  .slice(0, 2_000);

describe.each(["memory", "SQLite"])("hostile input of a shared state in %s", (kind) => {
  const directory = mkdtempSync(join(tmpdir(), "agent-otel-hostile-"));
  const store = kind === "memory" ? undefined : sqliteStore(join(directory, "state.db"));
  afterAll(async () => {
    await store?.close();
    rmSync(directory, { recursive: true });
  });
  const open = (name: string): SharedState =>
    sharedState({ name, maxKeys: 20_000, ...(store === undefined ? {} : { store }) });

  it(`is nothing but text: ${KEYS} keys come back with what was written, or are refused and change nothing`, async () => {
    const state = open("keys");
    const before = Object.getOwnPropertyNames(Object.prototype).sort();
    const written = new Map<string, number>();
    const keys = fc.sample(hostile, { numRuns: KEYS, seed: 7 });
    for (const [n, key] of keys.entries()) {
      const isFine = !key.includes("\0") && key.isWellFormed() && Buffer.byteLength(key) <= 4_096;
      const write = state.write(key, { n });
      if (isFine) {
        await write;
        written.set(key, n);
      } else await expect(write).rejects.toThrow(TypeError);
    }
    expect(written.size).toBeGreaterThan(1_000);
    const entries = await state.entries<{ n: number }>();
    expect(new Map(entries.map(({ key, value }) => [key, value.n]))).toEqual(
      new Map([...written].sort(([one], [other]) => (one < other ? -1 : 1))),
    );
    expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(before);
    expect(readdirSync(directory).filter((name) => !name.startsWith("state.db"))).toEqual([]);
  });

  it(`is nothing but text: ${PAYLOADS.length} payloads for SQL as keys, values, fields and agents`, async () => {
    expect(PAYLOADS.length).toBe(2_000);
    const state = open("payloads");
    await state.write("other", "untouched");
    for (let at = 0; at < PAYLOADS.length; at += 250) {
      const some = PAYLOADS.slice(at, at + 250);
      const { writes } = await state.session(
        (session) => {
          for (const text of some) session.write(text, { [text]: [text] });
        },
        { agent: some[0]! },
      );
      expect(writes).toHaveLength(some.length);
    }
    for (const text of PAYLOADS.slice(0, 200)) {
      await state.write(text, text, { agent: text, expectedVersion: 1 });
      expect(await state.read(text)).toMatchObject({ value: text, agent: text, version: 2 });
      expect(await state.history(text)).toHaveLength(2);
      await (await state.lock(text, { agent: text })).release();
    }
    const found = new Map((await state.entries()).map(({ key, value }) => [key, value]));
    for (const text of PAYLOADS.slice(200)) expect(found.get(text)).toEqual({ [text]: [text] });
    expect(found.size).toBe(2_001);
    expect(await state.read("other")).toMatchObject({ value: "untouched", version: 1 });
  });

  it("does not reach the prototype of anything by a value, a merge or a key", async () => {
    const state = sharedState({
      name: "merge",
      strategy: "merge",
      ...(store === undefined ? {} : { store }),
    });
    for (const key of ["__proto__", "constructor", "prototype"]) {
      await state.write(key, { isAdmin: true });
      await state.write(key, { more: true }, { expectedVersion: 0 });
      expect((await state.read(key))?.value).toEqual({ isAdmin: true, more: true });
      const value = JSON.parse(`{"a":{"${key}":{"isAdmin":true}}}`);
      await expect(state.write("x", value)).rejects.toThrow(`the key ${key} is not allowed`);
      await expect(state.session((session) => session.write("x", [value]))).rejects.toThrow("is not allowed");
    }
    expect(({} as Record<string, unknown>)["isAdmin"]).toBeUndefined();
    expect(await state.keys()).toEqual(["__proto__", "constructor", "prototype"]);
  });
});
