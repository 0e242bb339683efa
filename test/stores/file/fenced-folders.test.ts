import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keyHash } from "../../../src/internal/check-key.ts";
import { DAMAGED, FencedFolders } from "../../../src/stores/file/fenced-folders.ts";
import {
  addFile,
  type Folder,
  filesIn,
  fileText,
  hasFile,
  replaceFile,
} from "../../../src/stores/file/folder-files.ts";

const HOUR_S = 3_600;
const KB = 1_024;

describe("records as folders", () => {
  let directory: string;
  let folders: FencedFolders;
  const hash = keyHash("a");

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "agent-otel-folders-"));
    folders = new FencedFolders(join(directory, "new", "root"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const made = async (files: Readonly<Record<string, string>> = { "a.json": "1" }): Promise<Folder> => {
    const folder = await folders.create(hash, files);
    if (folder === undefined) throw new Error("there is one already");
    return folder;
  };
  const left = (path: string) => readdirSync(path).filter((name) => name.startsWith("."));
  /** As if its writer had ended two hours ago. */
  const age = (path: string) => {
    const then = Date.now() / 1_000 - 2 * HOUR_S;
    utimesSync(path, then, then);
  };

  it("are made with their files, for this user alone", async () => {
    const folder = await made({ "a.json": "1", "b.json": "2" });
    expect(await folders.find(hash)).toMatchObject({ hash, epoch: 1, path: folder.path });
    expect(await filesIn(folder)).toEqual(["a.json", "b.json"]);
    expect(await fileText(folder, "b.json", KB)).toBe("2");
    expect(await folders.list()).toEqual([hash]);
    const modes = ["", hash, join(hash, "1"), join(hash, "1", "a.json")].map(
      (path) => statSync(join(folders.root, path)).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o700, 0o700, 0o600]);
  });

  it("are made once, also by twenty at once, and nothing is left over", async () => {
    const others = Array.from({ length: 20 }, () => new FencedFolders(folders.root));
    const answers = await Promise.all(others.map((each, i) => each.create(hash, { "a.json": `${i}` })));
    const winner = answers.findIndex((answer) => answer !== undefined);
    expect(answers.filter((answer) => answer !== undefined).length).toBe(1);
    expect(await fileText(answers[winner]!, "a.json", KB)).toBe(`${winner}`);
    expect(readdirSync(join(folders.root, ".working"))).toEqual([]);
  });

  it("are taken by one of twenty at once", async () => {
    const folder = await made();
    const answers = await Promise.all(Array.from({ length: 20 }, () => folders.take(folder)));
    expect(answers.filter((answer) => answer !== undefined)).toEqual([folders.at(hash, 2)]);
    expect(await folders.find(hash)).toMatchObject({ epoch: 2 });
  });

  it("let a former holder write nothing, nor read, nor remove", async () => {
    const former = await made();
    const taken = (await folders.take(former))!;
    expect(await replaceFile(former, "a.json", "2")).toBe(false);
    expect(await addFile(former, "b.json", "2")).toBe("gone");
    expect(await fileText(former, "a.json", KB)).toBeUndefined();
    expect(await filesIn(former)).toBeUndefined();
    expect(await hasFile(former, "a.json")).toBe(false);
    expect(await folders.remove(former)).toBe(false);
    expect(await fileText(taken, "a.json", KB)).toBe("1");
    expect(readdirSync(taken.path)).toEqual(["a.json"]);
  });

  it("give a file one content, whoever adds it first", async () => {
    const folder = await made();
    const answers = await Promise.all([
      addFile(folder, "b.json", "first"),
      addFile(folder, "b.json", "second"),
    ]);
    expect(answers.toSorted()).toEqual(["added", "there"]);
    const winner = answers[0] === "added" ? "first" : "second";
    expect(await fileText(folder, "b.json", KB)).toBe(winner);
    expect(left(folder.path)).toEqual([]);
  });

  it("say that a file was added, or was not, as it is: 200 races with a takeover", async () => {
    let folder = await made();
    let added = 0;
    for (let n = 0; n < 200; n++) {
      const [answer, taken] = await Promise.all([
        addFile(folder, `${n}.json`, "x".repeat(n)),
        // Somewhere in between.
        calls(n % 40).then(() => folders.take(folder)),
      ]);
      folder = taken!;
      expect(await hasFile(folder, `${n}.json`)).toBe(answer === "added");
      if (answer === "added") added += 1;
    }
    expect(added).toBeGreaterThan(0);
    expect(added).toBeLessThan(200);
  });

  it("are found under one of their names while others take them", async () => {
    let folder = await made();
    let over = false;
    const taking = (async () => {
      for (let n = 0; n < 300; n++) folder = (await folders.take(folder))!;
      over = true;
    })();
    while (!over) expect((await folders.find(hash))?.epoch).toBeGreaterThan(0);
    await taking;
  });

  it("are removed whole, and can be made again", async () => {
    const folder = await made();
    expect(await folders.remove(folder)).toBe(true);
    expect(await folders.find(hash)).toBeUndefined();
    expect(await folders.remove(folder)).toBe(false);
    expect(readdirSync(folders.root).filter((name) => name === hash)).toEqual([]);
    expect(await made()).toMatchObject({ epoch: 1 });
  });

  it("are set aside once, and never one that was made in its place", async () => {
    await made();
    const seen = (await folders.find(hash))!;
    const moved = await folders.setAside(seen);
    expect(moved).toMatch(new RegExp(`${DAMAGED}/${hash}-[0-9a-f]{8}$`));
    expect(readFileSync(join(moved!, "1", "a.json"), "utf8")).toBe("1");
    expect(await folders.setAside(seen)).toBeUndefined();
    await made();
    expect(await folders.setAside(seen)).toBeUndefined();
    expect(await folders.find(hash)).toMatchObject({ epoch: 1 });
    expect(await folders.list()).toEqual([hash]);
  });

  it("read no file that is larger than wanted, and none that is none", async () => {
    const folder = await made({ "a.json": "x".repeat(KB + 1) });
    await expect(fileText(folder, "a.json", KB)).rejects.toThrow("has 1025 bytes, and 1024 are allowed");
    mkdirSync(join(folder.path, "folder.json"));
    writeFileSync(join(directory, "secret"), "secret");
    symlinkSync(join(directory, "secret"), join(folder.path, "link.json"));
    for (const name of ["folder.json", "link.json"])
      await expect(fileText(folder, name, KB)).rejects.toThrow(TypeError);
    expect(await fileText(folder, "missing.json", KB)).toBeUndefined();
  });

  it("replace a link by the file, and leave what it points to", async () => {
    const folder = await made();
    writeFileSync(join(directory, "secret"), "secret");
    symlinkSync(join(directory, "secret"), join(folder.path, "b.json"));
    expect(await addFile(folder, "b.json", "mine")).toBe("there");
    expect(await replaceFile(folder, "b.json", "mine")).toBe(true);
    expect(readFileSync(join(directory, "secret"), "utf8")).toBe("secret");
    expect(await fileText(folder, "b.json", KB)).toBe("mine");
  });

  it.each([
    ["a link to a record", (path: string, other: string) => symlinkSync(other, path)],
    ["a link to nothing", (path: string) => symlinkSync("/nowhere", path)],
    ["a file", (path: string) => writeFileSync(path, "")],
    ["an empty folder", (path: string) => mkdirSync(path)],
    ["a folder with a link to one", (path: string, other: string) => linkInside(path, join(other, "7"))],
    ["a folder with a file for one", (path: string) => fileInside(path)],
  ])("are none where there is %s: it is set aside, and nothing is read or written there", async (_, put) => {
    const other = join(directory, "other");
    mkdirSync(join(other, "7"), { recursive: true });
    writeFileSync(join(other, "7", "a.json"), "secret");
    mkdirSync(folders.root, { recursive: true });
    put(join(folders.root, hash), other);
    const found = (await folders.find(hash))!;
    expect(found.epoch).toBe(0);
    for (const folder of [found, folders.at(hash, 7)]) {
      expect(await replaceFile(folder, "b.json", "1")).toBe(false);
      expect(await addFile(folder, "b.json", "1")).toBe("gone");
      expect(await fileText(folder, "a.json", KB)).toBeUndefined();
      expect(await folders.take(folder)).toBeUndefined();
    }
    expect(await folders.setAside(found)).toBeDefined();
    expect(await folders.find(hash)).toBeUndefined();
    expect(readdirSync(other)).toEqual(["7"]);
    expect(readdirSync(join(other, "7"))).toEqual(["a.json"]);
    expect(await made()).toMatchObject({ epoch: 1 });
  });

  it.each([".working", DAMAGED])("write nothing through a link in the place of %s", async (name) => {
    mkdirSync(join(directory, "other"));
    mkdirSync(folders.root, { recursive: true });
    symlinkSync(join(directory, "other"), join(folders.root, name));
    const write = () => (name === DAMAGED ? folders.setAside(folders.at(hash, 1)) : made());
    await expect(write()).rejects.toMatchObject({ code: "store_unusable" });
    expect(readdirSync(join(directory, "other"))).toEqual([]);
  });

  it("clean up what ended processes have left over, once it is old", async () => {
    const folder = await made();
    const leftOver = [
      join(folders.root, ".working", "0b7c2f8e-0000-4000-8000-000000000000"),
      join(folder.path, ".0b7c2f8e-0000-4000-8000-000000000000"),
    ];
    mkdirSync(join(leftOver[0]!, "1"), { recursive: true });
    writeFileSync(join(leftOver[0]!, "1", "a.json"), "half");
    writeFileSync(leftOver[1]!, "half");
    await folders.clean();
    expect(leftOver.map((path) => existsSync(path))).toEqual([true, true]);
    for (const path of leftOver) age(path);
    age(join(folder.path, "a.json"));
    await folders.clean();
    expect(leftOver.map((path) => existsSync(path))).toEqual([false, false]);
    expect(await filesIn(folder)).toEqual(["a.json"]);
  });

  it("make nothing where they are only looked for", async () => {
    expect(await folders.list()).toEqual([]);
    expect(await folders.find(hash)).toBeUndefined();
    await folders.clean();
    expect(readdirSync(directory)).toEqual([]);
  });

  it("can be made again after their root was removed", async () => {
    await made();
    rmSync(folders.root, { recursive: true });
    expect(await made()).toMatchObject({ epoch: 1 });
  });
});

/** For as long as so many calls of the file system take. */
async function calls(n: number): Promise<void> {
  for (let i = 0; i < n; i++) await stat("/");
}

function linkInside(path: string, to: string): void {
  mkdirSync(path);
  symlinkSync(to, join(path, "7"));
}

function fileInside(path: string): void {
  mkdirSync(path);
  writeFileSync(join(path, "7"), "");
}
