import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { root } from "./source-files.ts";

const readme = readFileSync(join(root, "README.md"), "utf8");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};
const programs = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]!);

// Inside the checkout, so that `agent-otel` and its dependencies resolve as they do for a user.
const folder = join(root, ".stack", `readme-${process.pid}`);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("README", () => {
  it("shows programs that compile as they stand", () => {
    mkdirSync(folder, { recursive: true });
    for (const [index, program] of programs.entries())
      writeFileSync(join(folder, `program-${index}.ts`), program);
    const config = { extends: "../../tsconfig.json", include: ["*.ts"], exclude: [] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    const tsc = join(root, "node_modules/.bin/tsc");
    const { stdout } = spawnSync(tsc, ["-p", folder], { encoding: "utf8" });
    expect(stdout).toBe("");
  });

  it("has a complete program by line 25", () => {
    expect(readme.split("\n").slice(0, 25).join("\n")).toContain("agent(");
  });

  it("names only npm scripts that exist", () => {
    const named = [...readme.matchAll(/npm run ([a-z:]+)/g)].map((match) => match[1]!);
    expect(named.filter((name) => !(name in manifest.scripts))).toEqual([]);
  });
});
