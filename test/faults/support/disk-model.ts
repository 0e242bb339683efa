import { dirname } from "node:path";
import type { DiskCall } from "./watched-files.ts";

/** What a power cut would take now, as POSIX promises no more: contents that were not synced, and names in folders that were not. */
export class DiskModel {
  /** Files with unsynced contents. */
  readonly #dirty = new Set<string>();
  /** Names whose folder was not synced since they came. */
  readonly #pending = new Set<string>();

  done({ name, path, to }: DiskCall): void {
    if (name === "mkdir") for (const made of foldersFrom(to ?? path, path)) this.#pending.add(made);
    else if (name === "create") this.#pending.add(path);
    else if (name === "write") this.#dirty.add(path);
    else if (name === "datasync") this.#dirty.delete(path);
    else if (name === "sync")
      this.#each(this.#pending, (each) => (dirname(each) === path ? undefined : each));
    else if (name === "unlink" || name === "rm") this.#moved(path, undefined);
    else if (name === "link") this.#linked(path, to!);
    else {
      this.#moved(path, to);
      this.#pending.add(to!);
    }
  }

  /** What would be lost, or be there in part. @param matters Whether anybody would look for it. */
  atRisk(matters: (path: string) => boolean): readonly string[] {
    return [...new Set([...this.#dirty, ...this.#pending])].filter(matters).sort();
  }

  #linked(from: string, to: string): void {
    if (this.#dirty.has(from)) this.#dirty.add(to);
    this.#pending.add(to);
  }

  #moved(from: string, to: string | undefined): void {
    const move = (path: string) => {
      if (path !== from && !path.startsWith(`${from}/`)) return path;
      return to === undefined ? undefined : to + path.slice(from.length);
    };
    this.#each(this.#dirty, move);
    this.#each(this.#pending, move);
  }

  #each(paths: Set<string>, change: (path: string) => string | undefined): void {
    const changed = [...paths].map(change).filter((path) => path !== undefined);
    paths.clear();
    for (const path of changed) paths.add(path);
  }
}

function foldersFrom(first: string, last: string): readonly string[] {
  const found: string[] = [];
  for (let path = last; path.length >= first.length; path = dirname(path)) found.push(path);
  return found;
}
