import { execFileSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CheckpointDamagedError } from "../../src/errors/checkpoint-damaged-error.ts";
import { keyHash } from "../../src/internal/check-key.ts";
import type { CheckpointStore } from "../../src/stores/checkpoints/checkpoint-store.ts";
import { fileCheckpoints } from "../../src/stores/file/file-checkpoints.ts";
import { claimOf, holdOf, stepOf } from "./support/checkpoint-claims.ts";
import { hostileIds, mutations, seal } from "./support/hostile-checkpoints.ts";

const IDS = 5_000;
const FILES = 1_000;

let [directory, root, outside] = ["", "", ""];
let store: CheckpointStore;
let warnings: string[];
let prototype: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "agent-otel-hostile-"));
  root = join(directory, "root");
  outside = join(directory, "outside");
  mkdirSync(outside);
  writeFileSync(join(outside, "secret"), "secret");
  store = fileCheckpoints(root);
  warnings = [];
  const warn = (...said: unknown[]) => void warnings.push(said.join(" "));
  diag.setLogger({ debug() {}, verbose() {}, info() {}, error() {}, warn }, DiagLogLevel.WARN);
  prototype = pictureOf(Object.prototype);
});
afterEach(() => {
  diag.disable();
  rmSync(directory, { recursive: true });
  expect(pictureOf(Object.prototype)).toBe(prototype);
  expect("polluted" in globalThis).toBe(false);
}, 60_000);

const pictureOf = (value: object) => JSON.stringify(Object.getOwnPropertyNames(value).sort());

/** A run with two steps. */
async function begun(id: string): Promise<string> {
  const hold = holdOf(await store.claim(claimOf({ id })));
  for (const seq of [0, 1]) await store.commit(hold, stepOf(seq));
  return join(root, keyHash(id), "1");
}

describe("hostile ids", () => {
  it(`name no file: ${IDS} of them stay in their folder, and are found again`, async () => {
    const ids = [...new Set(fc.sample(hostileIds, { numRuns: 3 * IDS, seed: 7 }))].slice(0, IDS);
    expect(ids.length).toBe(IDS);
    let refused = 0;
    for (let first = 0; first < ids.length; first += 16)
      await Promise.all(
        ids.slice(first, first + 16).map(async (id) => {
          try {
            await store.commit(
              holdOf(await store.claim(claimOf({ id, initial: JSON.stringify({ id }) }))),
              stepOf(0),
            );
          } catch (error) {
            expect(error).toBeInstanceOf(TypeError);
            refused += 1;
            return;
          }
          expect(await store.read(id)).toMatchObject({
            run: { id, initial: JSON.stringify({ id }) },
            steps: [{}],
          });
        }),
      );
    console.log(`${ids.length} ids: ${refused} refused`);
    expect(refused).toBeGreaterThan(100);
    const names = readdirSync(root).filter((name) => name !== ".working");
    expect(names.length).toBe(ids.length - refused);
    expect(names.every((name) => /^[0-9a-f]{64}$/.test(name))).toBe(true);
    expect(readdirSync(directory).sort()).toEqual(["outside", "root"]);
    expect(readdirSync(outside)).toEqual(["secret"]);
  }, 280_000);
});

describe("hostile checkpoint files", () => {
  it(`are set aside and said: ${FILES} of them, and nothing outside is read or written`, async () => {
    let n = 0;
    const outcomes = { damaged: 0, read: 0 };
    await fc.assert(
      fc.asyncProperty(mutations, async ({ name, apply }) => {
        const id = `run ${n++}`;
        apply({ folder: await begun(id), outside });
        const before = treeOf(outside);
        const found = await store.read(id).catch((error: unknown) => error);
        expect(treeOf(outside), name).toEqual(before);
        if (found instanceof CheckpointDamagedError) {
          outcomes.damaged += 1;
          expect(found.movedTo, name).toContain(join(root, ".damaged", keyHash(id)));
          expect(lstatSync(found.movedTo!), name).toBeDefined();
          expect(warnings.at(-1), name).toContain(found.movedTo);
          expect(await store.read(id), name).toBeUndefined();
        } else {
          outcomes.read += 1;
          expect(isWellFormed(found, id), `${name}: ${JSON.stringify(found).slice(0, 300)}`).toBe(true);
        }
        rmSync(join(outside, "folder"), { recursive: true, force: true });
        rmSync(join(outside, "run"), { recursive: true, force: true });
      }),
      { numRuns: FILES },
    );
    console.log(
      `${FILES} hostile checkpoints: ${outcomes.damaged} set aside, ${outcomes.read} read as what they say`,
    );
    expect(outcomes.damaged).toBeGreaterThan(FILES * 0.7);
  }, 280_000);

  it.each(["claim", "commit", "renew", "end", "cancel", "read"] as const)(
    "are no fresh start: %s says what it found",
    async (method) => {
      const folder = await begun("a");
      writeFileSync(join(folder, "status.json"), "{}");
      const hold = { id: "a", epoch: 1 };
      const calls = {
        claim: () => store.claim(claimOf({ id: "a" })),
        commit: () => store.commit(hold, stepOf(2)),
        renew: () => store.renew(hold, 1_000),
        end: () => store.end(hold, "failed"),
        cancel: () => store.cancel("a"),
        read: () => store.read("a"),
      };
      const error = await calls[method]().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "checkpoint_damaged", id: "a", name: "CheckpointDamagedError" });
      const { movedTo, message } = error as CheckpointDamagedError;
      expect(message).toContain("status.json");
      expect(readdirSync(join(movedTo!, "1")).sort()).toEqual([
        "run.json",
        "status.json",
        "step-000000.json",
        "step-000001.json",
      ]);
    },
  );

  it("are left out of a list, and of a sweep, that go on with the others", async () => {
    const folder = await begun("damaged");
    const hold = holdOf(await store.claim(claimOf({ id: "whole" })));
    await store.end(hold, "completed");
    writeFileSync(join(folder, "status.json"), "{}");
    expect((await store.list({ limit: 10 })).map(({ id }) => id)).toEqual(["whole"]);
    expect(warnings.join()).toContain('"damaged"');
    writeFileSync(join(await begun("damaged"), "status.json"), "{}");
    expect(await store.sweep("refunds", 0)).toBe(1);
    expect(readdirSync(join(root, ".damaged")).length).toBe(2);
  });

  it("of a newer version are refused by every method, and left as they are", async () => {
    const folder = await begun("a");
    const path = join(folder, "status.json");
    const body = readFileSync(path, "utf8").split("\n")[1]!;
    writeFileSync(path, seal(body, 2));
    const before = treeOf(root);
    const hold = { id: "a", epoch: 1 };
    const calls = [
      store.claim(claimOf({ id: "a" })),
      store.commit(hold, stepOf(2)),
      store.renew(hold, 1_000),
      store.end(hold, "failed"),
      store.forget(hold),
      store.cancel("a"),
      store.reopen("a"),
      store.read("a"),
      store.list({ limit: 10 }),
    ];
    for (const call of await Promise.allSettled(calls))
      expect(call).toMatchObject({ status: "rejected", reason: { code: "store_too_new", foundVersion: 2 } });
    expect(await store.sweep("refunds", 0)).toBe(0);
    expect(treeOf(root)).toEqual(before);
  });

  it.runIf(process.platform === "linux")(
    "are not waited for where a pipe stands in their place",
    async () => {
      const path = join(await begun("a"), "step-000001.json");
      rmSync(path);
      execFileSync("mkfifo", [path]);
      await expect(store.read("a")).rejects.toMatchObject({ code: "checkpoint_damaged" });
    },
  );

  it.each([
    ["an output", { output: "{" }],
    ["an output", { output: '{"__proto__":1}' }],
    ["a number of attempts", { attempts: Number.POSITIVE_INFINITY }],
  ])("are not written by us: %s that could not be read again is refused", async (_, some) => {
    const hold = holdOf(await store.claim(claimOf()));
    await expect(store.commit(hold, { ...stepOf(0), ...some })).rejects.toThrow();
    expect((await store.read(hold.id))?.steps).toEqual([]);
    expect(await store.commit(hold, stepOf(0))).toBe("committed");
  });
});

function isWellFormed(found: unknown, id: string): boolean {
  const { run, steps } = found as NonNullable<Awaited<ReturnType<CheckpointStore["read"]>>>;
  const texts = [
    run.workflow,
    run.program,
    run.initial,
    run.owner,
    ...steps.flatMap((step) => [step.name, step.output]),
  ];
  const numbers = [
    run.epoch,
    run.leaseUntilMs,
    run.crashes,
    run.createdMs,
    run.updatedMs,
    ...steps.flatMap((step) => [step.attempts, step.atMs]),
  ];
  const json = [run.program, run.initial, ...steps.map(({ output }) => output)];
  return (
    run.id === id &&
    texts.every((text) => typeof text === "string") &&
    numbers.every((number) => Number.isSafeInteger(number) && number >= 0) &&
    json.every(
      (text) => JSON.stringify(JSON.parse(text)).length < 2_000_000 && !text.includes('"__proto__":'),
    ) &&
    steps.every(({ seq }, i) => seq === i)
  );
}

/** All that is below a folder: kinds and contents. */
function treeOf(path: string): readonly string[] {
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .sort()
    .map((name) => {
      const stat = lstatSync(join(path, name));
      if (stat.isSymbolicLink()) return `${name} -> ${readlinkSync(join(path, name))}`;
      return stat.isFile() ? `${name}: ${readFileSync(join(path, name), "latin1")}` : `${name}/`;
    });
}
