import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../contract/source-files.ts";

it("has an API reference that says what the docstrings say", () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(root, "scripts/api-docs/generate.ts"), "--check"],
    {
      cwd: root,
      encoding: "utf8",
    },
  );
  expect(status, stderr).toBe(0);
});
