import { join } from "node:path";
import { packaged } from "./packages.ts";
import type { Packaged } from "./part.ts";

/** The browser of the tests. It is a program that a test starts and ends itself, and no part of the stack that stays up. */
const CHROMIUM: Packaged = {
  programs: ["chromium"],
  // `light-dark()` of CSS, which the page is drawn with.
  atLeast: 123,
  packages: ["chromium"],
  folders: () => [],
};

/** @returns The program, which the system's package manager installs now when it is missing. @throws StackError */
export async function chromiumProgram(say: (line: string) => void): Promise<string> {
  return join(await packaged("chromium", CHROMIUM, say), "chromium");
}
