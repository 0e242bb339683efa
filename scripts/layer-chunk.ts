interface ModuleGraph {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/**
 * Puts all that `agent-otel` loads into one chunk for each folder of src/. Left to itself the bundler makes one for each set of entries
 * that share something, some eighty small files, and to find and open them takes a third of the time that importing the package takes.
 *
 * The entry itself is then a list of names: a program that is bundled carries the chunks it needs, not what others do when they are loaded.
 *
 * @param source The folder src/, with a slash at its end.
 * @returns For a module the chunk it goes into; `null` where the bundler decides.
 */
export function layerChunk(source: string): (module: string, graph: ModuleGraph) => string | null {
  const entry = `${source}index.ts`;
  let loaded: ReadonlySet<string> | undefined;
  return (module, graph) => {
    loaded ??= loadedBy(entry, graph);
    if (module === entry || !loaded.has(module)) return null;
    return module.slice(source.length).split("/")[0] ?? null;
  };
}

/** What an entry loads at once: imports, and no dynamic ones. */
function loadedBy(entry: string, graph: ModuleGraph): ReadonlySet<string> {
  const modules = new Set([entry]);
  // A set gives what is added to it while it is walked.
  for (const module of modules) {
    for (const imported of graph.getModuleInfo(module)?.importedIds ?? []) modules.add(imported);
  }
  return modules;
}
