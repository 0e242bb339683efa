import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Shipped } from "../shipped.ts";

/** For programs that read files: the tree as it would be in a checkout. @returns The folder. */
export function writeTree(shipped: Shipped, folder: string): string {
  for (const [path, text] of shipped) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
