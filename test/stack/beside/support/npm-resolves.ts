import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../../../contract/source-files.ts";

const run = promisify(execFile);

type Packages = Readonly<Record<string, string>>;

export interface Resolved {
  readonly installs: boolean;
  /** Why not: npm's code. */
  readonly code: string | undefined;
}

/** Packs our manifest, which is all that npm decides by. */
export class Tarball implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "agent-otel-pack-"));
  readonly file: string;

  constructor() {
    cpSync(join(root, "package.json"), join(this.#folder, "package.json"));
    const args = ["pack", "--silent", "--ignore-scripts"];
    const name = execFileSync("npm", args, { cwd: this.#folder, encoding: "utf8" });
    this.file = join(this.#folder, name.trim());
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/**
 * Whether npm would install these together.
 *
 * @param beside A folder with package.json and lock file, or packages.
 * @param more What is added by `npm install …`.
 */
export async function npmResolves(beside: string | Packages, more: readonly string[]): Promise<Resolved> {
  const folder = mkdtempSync(join(tmpdir(), "agent-otel-npm-"));
  try {
    if (typeof beside === "string") {
      for (const file of ["package.json", "package-lock.json"])
        if (existsSync(join(beside, file))) cpSync(join(beside, file), join(folder, file));
    } else writeFileSync(join(folder, "package.json"), JSON.stringify({ dependencies: beside }));
    const args = [
      "install",
      "--package-lock-only",
      "--ignore-scripts",
      "--prefer-offline",
      "--no-audit",
      ...more,
    ];
    await run("npm", args, { cwd: folder });
    return { installs: true, code: undefined };
  } catch (error) {
    const { stderr } = error as { readonly stderr?: string };
    return { installs: false, code: /npm error code (\w+)/.exec(stderr ?? "")?.[1] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
