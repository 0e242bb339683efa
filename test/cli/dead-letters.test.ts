import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { CliError, UsageError } from "../../src/cli/cli-error.ts";
import { deadLettersCommand } from "../../src/cli/commands/dead-letters.ts";
import { deadLetterQueue, fileStore, sqliteStore } from "../../src/index.ts";
import { temporaryFolder } from "../work/letters/letter-fixture.ts";
import { runCommand } from "./support/run-command.ts";

const EVIL = "evil\x1b]0;owned\x07\x9b31m\u202egnp";
const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

describe.each(["--db", "--files"])("agent-otel dead-letters %s", (option) => {
  beforeEach(() => vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 10, 21, 10, 15) }));
  afterEach(() => void vi.useRealTimers());

  const setUp = async () => {
    const folder = temporaryFolder();
    const place = join(folder, option === "--db" ? "letters.db" : "letters");
    const store = option === "--db" ? sqliteStore(place) : fileStore(place);
    onTestFinished(() => store.close());
    const queue = deadLetterQueue({ store });
    const run = (...args: readonly string[]) => runCommand(deadLettersCommand, {}, [...args, option, place]);
    const handler = (code: string, name = "handler.mjs") => {
      writeFileSync(join(folder, name), code);
      return join(folder, name);
    };
    const add = (changes = {}) =>
      queue.add({
        taskType: "search",
        payload: { question: "secret otters" },
        error: new TypeError("no such page"),
        attempts: 3,
        key: "one",
        ...changes,
      });
    return { folder, place, store, queue, run, handler, add };
  };

  it("lists unresolved letters, and never what they were given", async () => {
    const { run, add } = await setUp();
    const { id } = await add({ context: { user: "otters" } });
    expect(await run("list")).toEqual({
      code: 0,
      err: "",
      out: [
        "ID                                           TASK TYPE  REASON        ATTEMPTS  LAST ATTEMPT          ERROR      MESSAGE",
        `${id}  search     max_attempts         3  2026-11-21 10:15:00Z  TypeError  no such page`,
        "",
      ].join("\n"),
    });
    expect((await run("list", "--json")).out).not.toContain("otters");
    expect((await run("list", "--task-type", "write")).out).toBe("No unresolved letters.\n");
    expect((await run("list", "--resolved")).out).toBe("No resolved letters.\n");
  });

  it("says in which queues there are letters where the one that was asked for has none", async () => {
    const { run, add } = await setUp();
    await add();
    expect(await run("list", "--queue", "other")).toMatchObject({
      out: "No unresolved letters.\n",
      err: "There are letters in: dead-letters (--queue NAME)\n",
    });
  });

  it("shows a letter, and its payload only where that is asked for", async () => {
    const { run, add } = await setUp();
    const { id } = await add();
    const { out } = await run("show", id);
    expect(out).toContain("error       TypeError: no such page\n");
    expect(out).toContain("payload     [redacted]; --payload shows it\n");
    expect(out).not.toContain("otters");
    expect((await run("show", id, "--json")).out).not.toContain("otters");
    expect((await run("show", id, "--payload")).out).toContain('payload     {"question":"secret otters"}\n');
    expect(JSON.parse((await run("show", id, "--payload", "--json")).out)).toMatchObject({
      payload: { question: "secret otters" },
    });
    await expect(run("show", "dl-nothing")).rejects.toThrow(CliError);
  });

  it("prints nothing that a terminal would obey", async () => {
    const { run, add } = await setUp();
    const { id } = await add({
      taskType: EVIL,
      reason: EVIL,
      error: new Error(EVIL),
      agent: EVIL,
      payload: EVIL,
    });
    for (const args of [["list"], ["show", id, "--payload"], ["summary"], ["list", "--json"]]) {
      const { out } = await run(...args);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(out).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    }
  });

  it("replays a letter with the function of a module, and resolves it", async () => {
    const { run, add, handler, queue } = await setUp();
    const { id } = await add();
    const module = handler(`
      export async function handler(payload, { letter, idempotencyKey, attempt, signal }) {
        if (payload.question !== "secret otters" || attempt !== 4 || signal.aborted) throw new Error("odd");
        if (idempotencyKey !== "dead-letter:dead-letters:" + letter.id) throw new Error("odd key");
      }`);
    expect(await run("replay", id, "--module", module)).toMatchObject({ code: 0, out: "" });
    expect(await queue.get(id)).toMatchObject({ resolved: true });
    await expect(run("replay", id, "--module", module)).rejects.toThrow(
      'is resolved: "Replayed successfully at',
    );
  });

  it("leaves with 1 where the replay fails, and keeps the error", async () => {
    const { run, add, handler, queue } = await setUp();
    const { id } = await add();
    const module = handler(
      'export default () => { throw new Error("still not there \\x1b[31m"); };',
      "b.mjs",
    );
    expect(await run("replay", id, "--module", module)).toEqual({
      code: 1,
      out: "",
      err: "The replay failed: still not there \\x1b[31m\n",
    });
    expect(await queue.get(id)).toMatchObject({ attempts: 4, resolved: false });
  });

  it("replays all letters of a task type, and says what became of each", async () => {
    const { run, add, handler, queue } = await setUp();
    await add({ key: "a" });
    await add({ key: "b", payload: "bad" });
    await add({ key: "c", taskType: "write" });
    const module = handler('export default (p) => { if (p === "bad") throw new Error("bad"); };', "c.mjs");
    const dry = await run("replay", "--all", "--dry-run", "--task-type", "search");
    expect(dry.out.match(/would_replay/g)).toHaveLength(2);
    const { code, out } = await run("replay", "--all", "--task-type", "search", "--module", module);
    expect(code).toBe(1);
    expect(out).toContain("1 succeeded, 1 failed, 0 skipped\n");
    expect(await queue.summary()).toMatchObject({ unresolved: 2, resolved: 1 });
  });

  it.each([
    ["export const other = 1;", "must export a function"],
    ["export default {", "cannot load the module"],
  ])("says what is wrong with a module: %s", async (code, message) => {
    const { run, add, handler, queue } = await setUp();
    const { id } = await add();
    await expect(run("replay", id, "--module", handler(code, "d.mjs"))).rejects.toThrow(message);
    await expect(run("replay", id, "--module", "/nothing.mjs")).rejects.toThrow(CliError);
    expect(await queue.get(id)).toMatchObject({ replays: 0 });
  });

  it("resolves by hand, and purges what was resolved longer ago than asked for", async () => {
    const { run, add, queue } = await setUp();
    const { id } = await add();
    expect(await run("resolve", id, "--because", "sent by hand")).toMatchObject({
      code: 0,
      err: "Resolved.\n",
    });
    expect((await run("resolve", id, "--because", "again")).err).toContain("resolved before");
    expect((await queue.get(id))?.resolution).toBe("sent by hand");
    expect((await run("purge")).out).toBe("0 removed\n");
    vi.setSystemTime(Date.UTC(2026, 10, 21, 12, 15));
    expect((await run("purge", "--max-age-hours", "2", "--json")).out).toBe('{"removed":1}\n');
  });

  it("sums up the queue", async () => {
    const { run, add } = await setUp();
    await add();
    expect((await run("summary")).out).toBe(
      [
        "1 letter unresolved, 0 resolved; the oldest is 0 h old",
        "",
        "TASK TYPE  LETTERS",
        "search           1",
        "",
        "ERROR      LETTERS",
        "TypeError        1",
        "",
      ].join("\n"),
    );
    expect(JSON.parse((await run("summary", "--json")).out)).toMatchObject({ unresolved: 1 });
  });
});

describe("agent-otel dead-letters", () => {
  const run = (...args: readonly string[]) => runCommand(deadLettersCommand, {}, args);

  it.each([
    [[], "needs one of"],
    [["lst"], 'there is no "dead-letters lst"'],
    [["show"], "needs the ID of a letter"],
    [["replay", "--module", "x"], "or --all"],
    [["replay", "dl-1"], "needs --module"],
    [["replay", "dl-1", "--all", "--module", "x"], "does not know what to do"],
    [["replay", "dl-1", "--module", "x", "--rate", "2"], "takes no --rate"],
    [["resolve", "dl-1"], "needs --because"],
    [["resolve", "dl-1", "--because", " "], "needs --because"],
    [["list", "--limit", "0"], "--limit must be a whole number from 1 to 10000"],
    [["list", "--payload"], "takes no --payload"],
    [["summary", "extra"], "does not know what to do"],
    [["list", "--db", "a", "--files", "b"], "either --db or --files"],
    [["list", "--nothing"], "nothing"],
  ])("refuses %j", async (args, message) => {
    const error = await run(...args).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toContain(message);
  });

  it("makes nothing where there is nothing", async () => {
    const folder = temporaryFolder();
    await expect(run("list", "--db", join(folder, "a.db"))).rejects.toThrow("there is no dead letter in");
    await expect(run("list", "--files", join(folder, "b"))).rejects.toThrow("no such folder");
    expect(existsSync(join(folder, "a.db"))).toBe(false);
    mkdirSync(join(folder, "c"));
    expect((await run("list", "--files", join(folder, "c"))).out).toBe("No unresolved letters.\n");
  });

  it("says a name that cannot be one as a mistake of the command line", async () => {
    const folder = temporaryFolder();
    await expect(run("list", "--files", folder, "--queue", "x".repeat(200))).rejects.toThrow(UsageError);
    await expect(run("show", "x".repeat(5_000), "--files", folder)).rejects.toThrow(UsageError);
  });

  it("is a command", () => {
    const { stdout } = spawnSync(process.execPath, [MAIN, "dead-letters", "--help"], { encoding: "utf8" });
    expect(stdout).toContain("Usage: agent-otel dead-letters");
  });
});
