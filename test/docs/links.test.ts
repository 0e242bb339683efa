import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../contract/source-files.ts";
import { DOCUMENTS } from "./code-blocks.ts";

const textOf = (file: string) => readFileSync(join(root, file), "utf8").replaceAll(/^```[\s\S]*?^```$/gm, "");

/** As GitHub makes them of headings. */
function anchorsOf(file: string): readonly string[] {
  return [...textOf(file).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/\]\([^)]*\)/g, "")
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

describe("links", () => {
  it.each(DOCUMENTS)("of %s lead somewhere", (file) => {
    const targets = [...textOf(file).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(
      ([, target = ""]) => target,
    );
    const dead = targets.filter((target) => {
      const [path = "", anchor] = target.split("#");
      const to = path === "" ? file : normalize(join(dirname(file), path));
      if (!existsSync(join(root, to))) return true;
      return anchor !== undefined && !anchorsOf(to).includes(anchor);
    });
    expect(dead).toEqual([]);
  });
});
