import { join } from "node:path";
import { build } from "vite";

const FOLDER = import.meta.dirname;

/** Builds the page. @returns The folder that holds it. */
export async function buildPage(): Promise<string> {
  const outDir = join(FOLDER, "node_modules/.cache/page");
  await build({
    root: FOLDER,
    base: "./",
    configFile: false,
    logLevel: "error",
    build: { outDir, emptyOutDir: true, minify: false, target: "esnext", chunkSizeWarningLimit: 100_000 },
  });
  return outDir;
}
