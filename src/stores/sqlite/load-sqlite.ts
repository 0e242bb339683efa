import { StoreUnusableError } from "../../errors/store-unusable-error.ts";

export type Sqlite = typeof import("node:sqlite");

/**
 * Node's own SQLite, looked up when first needed. Through `getBuiltinModule`, which bundlers leave alone and which does not throw
 * on a Node without it.
 *
 * @param path The file it is needed for.
 * @throws StoreUnusableError that names the need.
 */
export function loadSqlite(path: string, builtin = builtinModule): Sqlite {
  const found = builtin("node:sqlite") as Sqlite | undefined;
  if (typeof found?.DatabaseSync === "function") return found;
  throw new StoreUnusableError(
    path,
    `needs the module node:sqlite, which is part of Node.js 22.15 and later; this is ${process.version}`,
  );
}

function builtinModule(name: string): unknown {
  return process.getBuiltinModule?.(name);
}
