import { join } from "node:path";
import { build as esbuild } from "esbuild";
import { rolldown } from "rolldown";
import { build as vite } from "vite";
import { root } from "../../contract/source-files.ts";

export interface Bundling {
  readonly entry: string;
  /** A folder. The bundle in it is the file that is returned. */
  readonly to: string;
  /** Packages that stay outside; everything else is put in. */
  readonly external: readonly string[];
}

/** CommonJS packages call `require`, which an ES module does not have: what the manuals of esbuild tell everybody to put before. */
const WITH_REQUIRE =
  'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

/** Each bundler as its manual has it for a server. */
export const bundlers: Readonly<Record<string, (bundling: Bundling) => Promise<string>>> = {
  async esbuild({ entry, to, external }) {
    const outfile = join(to, "program.mjs");
    await esbuild({
      absWorkingDir: root,
      entryPoints: [entry],
      bundle: true,
      platform: "node",
      target: "node22",
      format: "esm",
      minify: true,
      banner: { js: WITH_REQUIRE },
      external: [...external],
      outfile,
      logLevel: "error",
    });
    return outfile;
  },
  async rolldown({ entry, to, external }) {
    const bundle = await rolldown({
      cwd: root,
      input: entry,
      platform: "node",
      external: (id) => isOf(id, external),
      logLevel: "silent",
    });
    await bundle.write({ dir: to, entryFileNames: "program.mjs", minify: true });
    await bundle.close();
    return join(to, "program.mjs");
  },
  async Vite({ entry, to, external }) {
    await vite({
      configFile: false,
      root: to,
      logLevel: "error",
      ssr: { noExternal: true, external: [...external] },
      build: {
        ssr: entry,
        outDir: to,
        emptyOutDir: false,
        minify: true,
        rolldownOptions: { external: (id) => isOf(id, external), output: { entryFileNames: "program.mjs" } },
      },
    });
    return join(to, "program.mjs");
  },
};

function isOf(id: string, packages: readonly string[]): boolean {
  return packages.some((name) => id === name || id.startsWith(`${name}/`));
}
