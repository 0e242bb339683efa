import { createHash } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { goEnvironment, goVersion } from "./go.ts";
import { withLock } from "./lock.ts";
import { isProgram, packaged } from "./packages.ts";
import { type Builder, type Program, type Recipe, StackError } from "./part.ts";
import { CACHE } from "./paths.ts";
import { capture, lastLines } from "./run.ts";

type Say = (line: string) => void;

/** Pauses before trying a Go command again: a module proxy that stumbles once must not fail a cold build. */
const RETRY_AFTER_MS = [2_000, 15_000];

/** @returns The folder with the part's program, built or installed now when it is missing. */
export async function built(part: Program, say: Say): Promise<string> {
  requirePrograms(part);
  if (part.packaged !== undefined) return packaged(part.name, part.packaged, say);
  const { recipe } = part;
  if (recipe === undefined) return "";
  const folder = join(CACHE, `${recipe.program ?? part.name}-${await versionKey(recipe)}`);
  if (existsSync(folder)) return folder;
  await withLock(
    `${folder}.lock`,
    () => say(`${part.name}: another process is building it, waiting`),
    () => build(part.name, recipe, folder, say),
  );
  return folder;
}

async function build(name: string, recipe: Recipe, folder: string, say: Say): Promise<void> {
  if (existsSync(folder)) return; // by the process that was waited for
  removeLeftovers(folder);
  const log = `${folder}.log`;
  const scratch = mkdtempSync(`${folder}.building-`);
  const began = Date.now();
  writeFileSync(log, "");
  say(`${name}: building ${recipe.version}, minutes when the cache is empty; log: ${log}`);
  try {
    const builder = makeBuilder(scratch, log);
    await recipe.build(builder);
    renameSync(builder.out, folder);
    say(`${name}: built in ${((Date.now() - began) / 1000).toFixed(0)} s`);
  } catch (error) {
    throw new StackError(
      `${name} could not be built: ${String(error)}\n${lastLines(log, 15)}\nWhole log: ${log}`,
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Of builds that were killed; nobody else builds this folder while we hold its lock. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(dirname(folder))) {
    if (name.startsWith(`${basename(folder)}.building-`))
      rmSync(join(dirname(folder), name), { recursive: true, force: true });
  }
}

function makeBuilder(scratch: string, log: string): Builder {
  const work = join(scratch, "work");
  const out = join(scratch, "out");
  for (const folder of [work, out]) mkdirSync(folder, { recursive: true });
  const environment = goEnvironment(work);
  const run = (cwd: string, program: string, ...args: string[]) => {
    appendFileSync(log, `$ ${program} ${args.join(" ")}\n`);
    return capture(program, args, environment, log, cwd);
  };
  const go = async (cwd: string, ...args: string[]) => {
    for (const pause of RETRY_AFTER_MS) {
      try {
        return await run(cwd, "go", ...args);
      } catch {
        await wait(pause);
      }
    }
    return run(cwd, "go", ...args);
  };
  return { work, out, run, go };
}

async function versionKey(recipe: Recipe): Promise<string> {
  const inputs = JSON.stringify([await goVersion(), ...recipe.inputs()]);
  return `${recipe.version}-${createHash("sha256").update(inputs).digest("hex").slice(0, 12)}`;
}

function requirePrograms(part: Program): void {
  const missing = part.needs.filter((need) => !isProgram(need.program));
  if (missing.length > 0) {
    const lines = missing.map((need) => `  ${need.program} is not on PATH. ${need.hint}.`);
    throw new StackError([`${part.name} needs what this machine does not have:`, ...lines].join("\n"));
  }
}
