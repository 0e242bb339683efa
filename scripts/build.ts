// Builds dist/: types by tsc, the page by vite, JavaScript by rolldown, each entry of package.json with what it shares in a few chunks. In
// one file per module, as tsc writes it, `register` would take a tenth more of a program's start than the SDK itself.
import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { build } from "vite";
import { pageBuild } from "../src/web/vite.config.ts";
import { layerChunk } from "./layer-chunk.ts";

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
  readonly bin: Readonly<Record<string, string>>;
}

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const { exports, bin } = JSON.parse(readFileSync(`${ROOT}package.json`, "utf8")) as Manifest;

/** Loaded by name while a program runs: see `src/instrumentation/install-hooks.ts`. */
const LOADED_BY_NAME = [
  "patch-required",
  "shims/openai",
  "shims/anthropic",
  "shims/google-genai",
  "shims/mistral",
  "shims/cohere",
  "shims/bedrock",
  "shims/ollama",
  "shims/pino",
  "shims/winston",
].map((file) => `./dist/instrumentation/${file}.js`);
const built = Object.values(exports).flatMap((target) =>
  typeof target === "string" ? [] : [target.default],
);
const entries = [...built, ...Object.values(bin), ...LOADED_BY_NAME].map((file) =>
  file.replace(/^\.\/dist\/(.*)\.js$/, "$1"),
);

rmSync(`${ROOT}dist`, { recursive: true, force: true });
const bundle = await rolldown({
  cwd: ROOT,
  input: Object.fromEntries(entries.map((name) => [name, `src/${name}.ts`])),
  platform: "node",
  // Users install what we depend on; only our own files are put together.
  external: /^[^./]/,
});
await bundle.write({
  dir: `${ROOT}dist`,
  entryFileNames: "[name].js",
  chunkFileNames: "chunks/[name].js",
  codeSplitting: { groups: [{ name: layerChunk(`${ROOT}src/`), debugName: "layers" }] },
  // Node reads all of it each time a program starts; the types have the docs.
  comments: { jsdoc: false },
});
await build(pageBuild(`${ROOT}dist/web`));
for (const file of Object.values(bin)) chmodSync(`${ROOT}${file}`, 0o755);
execFileSync("tsc", ["-p", "tsconfig.build.json"], { cwd: ROOT, stdio: "inherit" });
