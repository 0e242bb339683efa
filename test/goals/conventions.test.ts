import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../contract/source-files.ts";

const textOf = (file: string): string => readFileSync(join(root, file), "utf8");

it("names of the conventions are of one commit, the same in code, registry and documentation", () => {
  const [commit = ""] = /\b[0-9a-f]{40}\b/.exec(textOf("src/telemetry/semconv.ts")) ?? [];
  expect(commit).toHaveLength(40);
  expect(textOf("registry/manifest.yaml").match(/\b[0-9a-f]{40}\b/g)).toEqual([commit]);
  expect(textOf("docs/telemetry.md")).toContain(`\`${commit.slice(0, 8)}\``);
});
