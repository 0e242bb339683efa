import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "./source-files.ts";

// Counts in place of times: the same on every machine. How long it takes is in bench/install.bench.ts.
const KIB = 1_024;
const folder = join(root, ".stack", `footprint-${process.pid}`);

beforeAll(() => mkdirSync(folder, { recursive: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Loaded {
  readonly urls: readonly string[];
  /** Modules of Node that were not there before. */
  readonly builtin: readonly string[];
}

/** What importing the package alone loads, in a fresh process. */
function loadedBy(specifier: string): Loaded {
  const program = `import module from "node:module";
    const urls = new Set();
    module.registerHooks({ load(url, context, next) { urls.add(url); return next(url, context); } });
    const before = new Set(process.moduleLoadList);
    await import(${JSON.stringify(specifier)});
    const builtin = process.moduleLoadList.filter((name) => !before.has(name));
    console.log(JSON.stringify({ urls: [...urls], builtin }));`;
  const args = ["--input-type=module", "-e", program];
  const env = { PATH: process.env["PATH"] };
  return JSON.parse(execFileSync(process.execPath, args, { cwd: root, env, encoding: "utf8" })) as Loaded;
}

describe('import "agent-otel" alone', () => {
  const { urls, builtin } = loadedBy("agent-otel");
  const files = urls.filter((url) => url.startsWith("file:")).map((url) => fileURLToPath(url));
  const packages = new Set(
    files.map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? "agent-otel"),
  );

  it("loads the API and no SDK, no client, no prices and no driver", () => {
    expect([...packages].sort()).toEqual(["@opentelemetry/api", "agent-otel"]);
  });

  it("reads at most 75 files, of 1,280 KiB", () => {
    expect(files.length).toBeLessThanOrEqual(75);
    const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
    expect(bytes / KIB).toBeLessThanOrEqual(1_280);
  });

  it("wakes nothing of Node that takes long: undici, http, crypto, net, dns, v8, streams, worker threads, SQLite", () => {
    const slow =
      /undici|NativeModule (?:_?https?(?:_client)?|crypto|net|dns\/promises|v8|fs\/promises|internal\/fs\/promises|timers\/promises|worker_threads|sqlite)$/;
    expect(builtin.filter((name) => slow.test(name))).toEqual([]);
  });
});

describe("a program that imports agent() and nothing else", () => {
  const entry = join(folder, "program.js");
  const external = ["@opentelemetry/api"];
  beforeAll(() => {
    writeFileSync(entry, 'import { agent } from "agent-otel";\nconsole.log(agent("a", async () => 1));\n');
  });

  it("carries at most 64 KiB of us through esbuild", async () => {
    const { outputFiles } = await build({
      entryPoints: [entry],
      absWorkingDir: root,
      bundle: true,
      write: false,
      minify: true,
      platform: "node",
      format: "esm",
      external,
    });
    expect(outputFiles[0]!.contents.length / KIB).toBeLessThanOrEqual(64);
  });

  it("carries at most 64 KiB of us through rolldown", async () => {
    const bundle = await rolldown({ cwd: root, input: entry, platform: "node", external });
    const { output } = await bundle.generate({ minify: true });
    await bundle.close();
    // It writes chunks for dynamic imports beside, also for those of code that it left away.
    expect(Buffer.byteLength(output[0].code) / KIB).toBeLessThanOrEqual(64);
    expect(output[0].imports.filter((name) => name.startsWith("."))).toEqual([]);
  });
});
