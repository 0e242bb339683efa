import { fileURLToPath } from "node:url";
import type { InlineConfig } from "vite";

/** How `scripts/build.ts` builds the page. Every file is served by the same server: no CDN, nothing inside the HTML. */
export function pageBuild(outDir: string): InlineConfig {
  return {
    configFile: false,
    root: fileURLToPath(new URL("./", import.meta.url)),
    // The server may mount the page below a path.
    base: "./",
    logLevel: "warn",
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      outDir,
      emptyOutDir: true,
      target: "es2023",
      // A `data:` address would need an exception in the Content-Security-Policy.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 700,
    },
  };
}
