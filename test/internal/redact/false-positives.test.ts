import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { redactHighEntropy } from "../../../src/internal/redact/high-entropy.ts";

const MODULES = new URL("../../../node_modules/", import.meta.url);

/** The words of all READMEs that are installed: prose, code, paths, hashes, addresses. */
function words(): readonly string[] {
  return readdirSync(MODULES).flatMap((name) => {
    const file = new URL(`${name}/README.md`, MODULES);
    return existsSync(file) ? readFileSync(file, "utf8").split(/\s+/) : [];
  });
}

it("takes fewer than 1 in 3,000 written words for a random secret", () => {
  const all = words();
  const taken = all.filter((word) => redactHighEntropy(word) !== word);
  console.log(
    `of ${all.length} words ${taken.length} were taken for secrets, ${new Set(taken).size} different`,
  );
  expect(all.length).toBeGreaterThan(50_000);
  expect(taken.length / all.length).toBeLessThan(1 / 3_000);
});
