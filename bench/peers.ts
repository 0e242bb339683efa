// The packages that we are measured against. They have an install of their own, as they bring hundreds of packages.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("peers/", import.meta.url));

/** Installs the peers when they are missing. @returns Why that was not possible, or `undefined`. */
export function installPeers(): string | undefined {
  if (installed()) return undefined;
  console.log(
    "Installing the peers into bench/peers, without their install scripts. This takes a minute or two.",
  );
  try {
    execFileSync("npm", ["ci", "--ignore-scripts"], { cwd: FOLDER, stdio: ["ignore", "ignore", "pipe"] });
    return undefined;
  } catch (error) {
    const { stderr } = error as { stderr?: Buffer };
    const said = /npm error (.*)/.exec(stderr?.toString() ?? "")?.[1];
    return `the peers could not be installed: ${said ?? (error as Error).message}`;
  }
}

/** npm writes this file when an install is complete; one that was broken off, or an older one, does not match. */
function installed(): boolean {
  const written = `${FOLDER}node_modules/.package-lock.json`;
  if (!existsSync(written)) return false;
  const has = packagesOf(written);
  return Object.entries(packagesOf(`${FOLDER}package-lock.json`)).every(
    ([path, { version, optional }]) => path === "" || optional === true || has[path]?.version === version,
  );
}

type Packages = Readonly<Record<string, { readonly version?: string; readonly optional?: boolean }>>;

function packagesOf(lockFile: string): Packages {
  return (JSON.parse(readFileSync(lockFile, "utf8")) as { packages?: Packages }).packages ?? {};
}

/** The version that is measured, for the report. */
export function peerVersion(name: string): string {
  const { version } = JSON.parse(readFileSync(`${FOLDER}node_modules/${name}/package.json`, "utf8")) as {
    version: string;
  };
  return `${name} ${version}`;
}
