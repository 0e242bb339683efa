import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./source-files.ts";

export interface PackedFile {
  readonly path: string;
  readonly size: number;
}

/** What `npm publish` would send. */
export interface Packed extends Disposable {
  readonly tarball: string;
  /** Bytes of the tarball. */
  readonly size: number;
  readonly files: readonly PackedFile[];
}

/** Packs what is built, in a folder of its own. */
export function pack(): Packed {
  const folder = mkdtempSync(join(tmpdir(), "agent-otel-pack-"));
  const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
  const said = execFileSync("npm", args, {
    cwd: root,
    stdio: ["ignore", "pipe", "ignore"],
    encoding: "utf8",
  });
  // A list up to npm 11, one entry by name since.
  const [packed] = Object.values(
    JSON.parse(said) as Readonly<Record<string, Omit<Packed, "tarball"> & { filename: string }>>,
  );
  if (packed === undefined) throw new Error(`npm pack said nothing of use: ${said}`);
  return {
    tarball: join(folder, packed.filename),
    size: packed.size,
    files: packed.files,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Puts the package into `folder` as an install does. What it depends on is looked for in the folders above. */
export function installPacked({ tarball }: Packed, folder: string): void {
  const to = join(folder, "node_modules/agent-otel");
  mkdirSync(to, { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "--strip-components=1", "-C", to]);
}

/** The entries of the package, as they are imported. */
export function packageEntries(): readonly string[] {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    readonly exports: Readonly<Record<string, unknown>>;
  };
  return Object.keys(exports)
    .filter((entry) => entry !== "./package.json")
    .map((entry) => entry.replace(/^\./, "agent-otel"));
}
