import { execFileSync } from "node:child_process";
import { accessSync, constants, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { withLock } from "./lock.ts";
import { type Packaged, StackError } from "./part.ts";
import { CACHE } from "./paths.ts";
import { capture, lastLines } from "./run.ts";

/** @returns The folder of a part's programs, which the system's package manager installs now when they are missing. */
export async function packaged(name: string, wanted: Packaged, say: (line: string) => void): Promise<string> {
  const found = folderOf(wanted);
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0 || !isProgram("apt-get")) throw new StackError(howToInstall(name, wanted));
  return withLock(
    join(CACHE, "packages.lock"),
    () => say(`${name}: another process is installing packages, waiting`),
    async () => folderOf(wanted) ?? (await install(name, wanted, say)),
  );
}

async function install(name: string, wanted: Packaged, say: (line: string) => void): Promise<string> {
  const log = join(CACHE, `${name}-packages.log`);
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(log, "");
  say(`${name}: installing the package ${wanted.packages[0]}; log: ${log}`);
  try {
    await capture("sh", [join(import.meta.dirname, "install-packages.sh"), ...wanted.packages], {}, log);
  } catch (error) {
    throw new StackError(
      `${name} could not be installed: ${String(error)}\n${lastLines(log, 15)}\nWhole log: ${log}`,
    );
  }
  const found = folderOf(wanted);
  if (found === undefined) throw new StackError(howToInstall(name, wanted));
  return found;
}

function howToInstall(name: string, { programs, atLeast, packages }: Packaged): string {
  return [
    `${name} needs what this machine does not have:`,
    `  ${programs.join(" and ")}, version ${atLeast} or newer. As root: apt-get install ${packages[0]}.`,
  ].join("\n");
}

function folderOf(wanted: Packaged): string | undefined {
  return [...wanted.folders(), ...searchPath()].find((folder) => fits(folder, wanted));
}

function fits(folder: string, { programs, atLeast }: Packaged): boolean {
  const files = programs.map((program) => join(folder, program));
  return files.every(isExecutable) && majorVersion(files[0]!) >= atLeast;
}

/** @returns 0 for a program that does not say. */
function majorVersion(file: string): number {
  try {
    const text = execFileSync(file, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return Number(/(\d+)\.\d+/.exec(text)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** @returns Whether a program of this name is on PATH. */
export function isProgram(name: string): boolean {
  return searchPath().some((folder) => isExecutable(join(folder, name)));
}

function searchPath(): readonly string[] {
  return (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
