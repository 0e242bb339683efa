import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { installFolder } from "../../../scripts/install-folder.ts";

// Large packages that these tests alone need. Nothing of theirs is among the types of this repository.
const folder = import.meta.dirname;

/** Installs them where they are missing. @throws Error with what npm said. */
export function installFrameworks(): void {
  installFolder(folder, console.log);
}

/** @param path Below `node_modules`. */
export async function load<Module>(path: string): Promise<Module> {
  return import(pathToFileURL(join(folder, "node_modules", path)).href) as Promise<Module>;
}
