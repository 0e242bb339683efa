import { StoreUnusableError } from "../../errors/store-unusable-error.ts";

export type Pg = typeof import("pg");

/**
 * The package `pg`, which users install themselves, loaded when first needed.
 *
 * @param shown The server it is needed for.
 * @throws StoreUnusableError that names the package where it is missing.
 */
export async function loadPg(shown: string, load: () => Promise<unknown> = importPg): Promise<Pg> {
  try {
    return (await load()) as Pg;
  } catch (error) {
    throw new StoreUnusableError(shown, 'needs the package "pg": npm install pg', error);
  }
}

function importPg(): Promise<unknown> {
  return import("pg");
}
