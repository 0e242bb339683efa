import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { keyHash } from "../../src/internal/check-key.ts";
import { INJECTIONS } from "../stores/injections.ts";
import { queueWith, TASK } from "./letters/letter-fixture.ts";

const HOSTILE = fc.oneof(
  fc.constantFrom(
    "..",
    "../..",
    "../../etc/passwd",
    "/etc/passwd",
    "__proto__",
    "constructor",
    "CON",
    "%2e%2e%2f",
    ".",
    "~",
  ),
  fc.constantFrom(
    "a\0b",
    "\ud800",
    "",
    "x".repeat(4_096),
    "x".repeat(4_097),
    "🦦".repeat(1_024),
    ".working",
    ".damaged",
  ),
  fc.string({ maxLength: 40 }),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom(...INJECTIONS),
);

/** All files below a folder. */
function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
}

describe("a dead letter queue that is given anything", () => {
  it("finds nothing under 5,000 hostile ids, and writes nothing for them", async () => {
    const { queue, directory } = queueWith({}, "files");
    const { id } = await queue.add(TASK);
    const before = filesBelow(directory);
    const prototype = JSON.stringify(Object.getOwnPropertyNames(Object.prototype));
    await fc.assert(
      fc.asyncProperty(HOSTILE, async (hostile) => {
        const answers = await Promise.allSettled([
          queue.get(hostile),
          queue.replay(hostile, () => 1),
          queue.resolve(hostile, "no"),
        ]);
        for (const answer of answers) {
          if (answer.status === "fulfilled") expect(answer.value).toBeUndefined();
          else expect(answer.reason.code ?? answer.reason.name).toMatch(/^(unknown_dead_letter|TypeError)$/);
        }
      }),
      { numRuns: 1_700 },
    );
    expect(filesBelow(directory)).toEqual(before);
    expect(JSON.stringify(Object.getOwnPropertyNames(Object.prototype))).toBe(prototype);
    expect((await queue.get(id))?.payload).toEqual(TASK.payload);
  });

  it("keeps 2,000 texts that would leave a statement as what they are", async () => {
    const { queue } = queueWith();
    const bystander = await queue.add(TASK);
    let texts = 0;
    for (let i = 0; texts < 2_000; i++) {
      const at = (n: number) => INJECTIONS[(i * 7 + n * 131) % INJECTIONS.length]!;
      const [taskType, key, reason, agent, value] = [at(0), at(1), at(2), at(3), at(4)];
      const letter = await queue.add({
        taskType,
        key: `${i} ${key}`,
        reason,
        agent,
        payload: { [value]: value },
        context: { [key]: reason },
        error: new Error(value),
        attempts: 1,
      });
      expect(letter).toMatchObject({
        taskType,
        reason,
        agent,
        payload: { [value]: value },
        context: { [key]: reason },
      });
      expect(await queue.get(letter.id)).toEqual(letter);
      expect(await queue.list({ taskType, limit: 1 })).toMatchObject([{ taskType }]);
      await queue.resolve(letter.id, value);
      texts += 7;
    }
    expect(await queue.get(bystander.id)).toEqual(bystander);
  });

  it("sets aside 1,000 hostile letter files and says so, and goes on with the others", async () => {
    const said: string[] = [];
    diag.setLogger(
      {
        error: () => {},
        warn: (text) => void said.push(text),
        info: () => {},
        debug: () => {},
        verbose: () => {},
      },
      { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
    );
    onTestFinished(() => diag.disable());
    const outside = mkdtempSync(join(tmpdir(), "agent-otel-outside-"));
    onTestFinished(() => rmSync(outside, { recursive: true }));
    writeFileSync(join(outside, "secret"), "not to be read");
    const { queue, directory } = queueWith({}, "files");
    const good = await queue.add(TASK);
    const folder = join(directory, keyHash("dead-letters"));
    const pathOf = (id: string) => join(folder, keyHash(id), "1", "letter.json");
    const right = readFileSync(pathOf(good.id), "utf8");
    const ids: string[] = [];
    const text = fc.oneof(
      fc.constantFrom(
        "",
        "{}",
        "null",
        "[]",
        "\0",
        "{",
        '{"v":1}',
        '{"v":1}\n{}\n',
        right,
        right.slice(0, -9),
      ),
      fc.constantFrom('{"__proto__":{"polluted":1}}', "[".repeat(100_000), `"${"x".repeat(5_000_000)}"`),
      fc.nat(right.length - 1).map((at) => `${right.slice(0, at)}\u0001${right.slice(at + 1)}`),
      fc.string({ unit: "binary", maxLength: 200 }),
    );
    const spoils: readonly ((path: string, text: string) => void)[] = [
      (path, hostile) => writeFileSync(path, hostile),
      (path, hostile) => writeFileSync(path.replace("letter.json", "payload.json"), hostile),
      (path) => rmSync(path),
      (path) => {
        rmSync(path);
        symlinkSync(join(outside, "secret"), path);
      },
      (path) => {
        rmSync(path);
        mkdirSync(path);
      },
      (path) => {
        rmSync(join(path, "..", ".."), { recursive: true });
        writeFileSync(join(path, "..", ".."), "a file in place of the folder");
      },
      (path) => {
        rmSync(join(path, "..", ".."), { recursive: true });
        symlinkSync(outside, join(path, "..", ".."));
      },
    ];
    const texts = fc.sample(text, 1_000);
    for (let i = 0; i < 1_000; i++) {
      const { id } = await queue.add({ ...TASK, key: `spoiled ${i}` });
      ids.push(id);
      // Mostly the content, each tenth what it stands in.
      spoils[i % 10 < 5 ? 0 : i % 10 < 8 ? 1 : 2 + (((i / 10) | 0) % 5)]!(pathOf(id), texts[i]!);
    }
    let unreadable = 0;
    for (const [i, id] of ids.entries()) {
      if (i % 2 === 0) continue;
      const answer = await queue.replay(id, () => 1).catch((error: { code: string }) => error.code);
      // One that was set aside is not there any more; one whose folder is a file or a link never was.
      expect(["dead_letter_damaged", "unknown_dead_letter", "store_too_new"]).toContain(answer);
      unreadable += 1;
    }
    const letters = await queue.list({ limit: 10_000 });
    expect(letters.map(({ id }) => id)).toEqual([good.id]);
    expect((await queue.summary()).total).toBe(1);
    expect(unreadable).toBe(500);
    expect(said.filter((line) => line.includes("cannot be read")).length).toBeGreaterThan(500);
    expect(readFileSync(join(outside, "secret"), "utf8")).toBe("not to be read");
    expect(readdirSync(outside)).toEqual(["secret"]);
    expect(readdirSync(join(folder, ".damaged")).length).toBeGreaterThan(900);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    // There is room for a new one in the place of a spoiled one.
    expect((await queue.add({ ...TASK, key: "spoiled 0" })).id).toBe(ids[0]);
    expect(existsSync(pathOf(ids[0]!))).toBe(true);
  });
});
