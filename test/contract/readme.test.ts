import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "./source-files.ts";

const readme = readFileSync(join(root, "README.md"), "utf8");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};

describe("README", () => {
  it("has a complete program by line 25", () => {
    expect(readme.split("\n").slice(0, 25).join("\n")).toMatch(/```ts\n[\s\S]*agent\([\s\S]*\n```/);
  });

  it("names only npm scripts that exist", () => {
    const named = [...readme.matchAll(/npm run ([a-z:]+)/g)].map((match) => match[1]!);
    expect(named.filter((name) => !(name in manifest.scripts))).toEqual([]);
  });
});
