import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { registryFiles } from "./files.ts";

const CHECKOUT = resolve(import.meta.dirname, "../..");
const RUN = "run `node scripts/registry/generate.ts`";

const HELP = `node scripts/registry/generate.ts [OPTIONS]: writes registry/, all that the package emits in the conventions' own format

  --check  names each file that differs, writes nothing, and leaves with 1 where there is one`;

function main(): void {
  const { values } = parseArgs({
    options: { check: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const files = new Map(registryFiles());
  const different = [...files].filter(([path, text]) => read(path) !== text);
  const stray = present().filter((path) => !files.has(path));
  if (values.check) {
    for (const [path] of different) console.error(`${path} is not what the generator writes: ${RUN}`);
    for (const path of stray) console.error(`${path} is not written by the generator: ${RUN}`);
    if (different.length + stray.length > 0) process.exitCode = 1;
    return;
  }
  for (const [path, text] of different) {
    mkdirSync(dirname(join(CHECKOUT, path)), { recursive: true });
    writeFileSync(join(CHECKOUT, path), text);
  }
  for (const path of stray) rmSync(join(CHECKOUT, path));
}

function present(): readonly string[] {
  const files = readdirSync(join(CHECKOUT, "registry"));
  return files.filter((name) => name.endsWith(".yaml")).map((name) => `registry/${name}`);
}

/** @returns `undefined` where there is no such file. */
function read(path: string): string | undefined {
  try {
    return readFileSync(join(CHECKOUT, path), "utf8");
  } catch {
    return undefined;
  }
}

main();
