// Grafana's own packages have an install of their own, as they bring hundreds of packages.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { installFolder } from "../../install-folder.ts";
import { CHECKOUT } from "../../stack-parts/paths.ts";

export const PREVIEW: string = join(CHECKOUT, "grafana/preview");

/** Installs them when they are missing. @throws Error with what npm said. */
export function installPreview(say: (line: string) => void): void {
  installFolder(PREVIEW, say);
}

/** The release of Grafana that the packages are from. */
export function previewVersion(): string {
  const { version } = JSON.parse(
    readFileSync(join(PREVIEW, "node_modules/@grafana/schema/package.json"), "utf8"),
  ) as {
    version: string;
  };
  return version;
}
