import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { installFolder } from "../../../../scripts/install-folder.ts";
import { root } from "../../../contract/source-files.ts";

/** Kept between runs. Inside the checkout, so that what agent-otel and the clients need is found from there. */
export const NEXT: string = join(root, ".stack/next");

/** Installs Next.js where it is missing, and agent-otel as it is built now. @throws Error with what npm said. */
export function installNext(): void {
  mkdirSync(NEXT, { recursive: true });
  for (const file of ["package.json", "package-lock.json"])
    cpSync(join(import.meta.dirname, file), join(NEXT, file));
  installFolder(NEXT, console.log);
  const ours = join(NEXT, "node_modules/agent-otel");
  rmSync(ours, { recursive: true, force: true });
  for (const part of ["package.json", "dist"])
    cpSync(join(root, part), join(ours, part), { recursive: true });
}
