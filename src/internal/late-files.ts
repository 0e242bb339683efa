// The file system's functions, and waiting, as late-builtins.ts has others: an import of node:fs alone reads its `promises`, and that
// loads streams. Four milliseconds, which a program without a store in files should not pay.
import type * as Files from "node:fs";
import type * as PromisedFiles from "node:fs/promises";
import type * as PromisedTimers from "node:timers/promises";

/** A function of a module of Node that is loaded at its first call. */
function late<Module, Name extends keyof Module>(load: () => Module, name: Name): Module[Name] {
  const call = (...args: unknown[]) => (load()[name] as (...args: unknown[]) => unknown)(...args);
  return call as Module[Name];
}

const files = (): typeof Files => process.getBuiltinModule("node:fs");
const promised = (): typeof PromisedFiles => process.getBuiltinModule("node:fs/promises");
const timers = (): typeof PromisedTimers => process.getBuiltinModule("node:timers/promises");

export const closeSync = late(files, "closeSync");
export const existsSync = late(files, "existsSync");
export const fsyncSync = late(files, "fsyncSync");
export const mkdirSync = late(files, "mkdirSync");
export const openSync = late(files, "openSync");
export const readSync = late(files, "readSync");
export const statSync = late(files, "statSync");

export const link = late(promised, "link");
export const lstat = late(promised, "lstat");
export const mkdir = late(promised, "mkdir");
export const open = late(promised, "open");
export const readdir = late(promised, "readdir");
export const rename = late(promised, "rename");
export const rm = late(promised, "rm");
export const stat = late(promised, "stat");
export const unlink = late(promised, "unlink");
export const utimes = late(promised, "utimes");

/** `setTimeout` of node:timers/promises. */
export const wait = late(timers, "setTimeout");
/** `setImmediate` of node:timers/promises. */
export const turn = late(timers, "setImmediate");

type OpenFlag = "O_RDONLY" | "O_WRONLY" | "O_CREAT" | "O_EXCL" | "O_NOFOLLOW" | "O_NONBLOCK" | "O_DIRECTORY";

/** The flags of `open` together. One that the platform does not have, as Windows has no `O_NOFOLLOW`, is left out. */
export function openFlags(...names: readonly OpenFlag[]): number {
  const { constants } = files();
  return names.reduce((flags, name) => flags | (constants[name] ?? 0), 0);
}
