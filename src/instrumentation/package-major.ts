import { readFileSync } from "node:fs";

/**
 * The major version of the package that a module belongs to.
 *
 * @param name The package's, since a folder inside of it may have a package.json without one.
 * @param url Of one of its files.
 * @returns `undefined` where none is found.
 */
export function packageMajor(name: string, url: string): number | undefined {
  for (let folder = new URL(".", url); ; folder = new URL("..", folder)) {
    const manifest = read(new URL("package.json", folder));
    if (manifest?.name === name) {
      const major = Number.parseInt(String(manifest.version), 10);
      return Number.isNaN(major) ? undefined : major;
    }
    if (folder.pathname === "/" || new URL("..", folder).href === folder.href) return undefined;
  }
}

function read(file: URL): { readonly name?: unknown; readonly version?: unknown } | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
