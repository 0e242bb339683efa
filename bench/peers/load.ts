/** Imports a package of this folder's own install: a bare name is looked up from the file that imports it. */
export function load(specifier: string): Promise<unknown> {
  return import(specifier);
}
