import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const MODULES = fileURLToPath(new URL("../../node_modules/", import.meta.url));
const PROGRAM = new URL("program/play.ts", import.meta.url).href;

/** A client library in one version. */
export interface ClientVersion {
  /** The name that programs import. */
  readonly packageName: string;
  /** Its folder in node_modules: other versions are installed under an alias. */
  readonly folder: string;
  readonly label: string;
}

export const CLIENTS: readonly ClientVersion[] = [
  { packageName: "openai", folder: "openai-5", label: "openai 5" },
  { packageName: "openai", folder: "openai-6", label: "openai 6" },
  { packageName: "openai", folder: "openai", label: "openai 7" },
  { packageName: "@anthropic-ai/sdk", folder: "anthropic-0", label: "anthropic 0" },
  { packageName: "@anthropic-ai/sdk", folder: "@anthropic-ai/sdk", label: "anthropic 1" },
];

/** A program of each module system that finds this version under the client's own name. */
export interface ClientProgram {
  readonly version: string;
  readonly esm: string;
  readonly commonjs: string;
}

/**
 * The hooks go by the name that a program imports and by the path below node_modules, so each version gets a folder of its own
 * where it has its real name. Copied once; what it depends on is found further up.
 */
export function clientProgram({ packageName, folder }: ClientVersion): ClientProgram {
  const home = join(MODULES, ".cache", "agent-otel-clients", folder.replace("/", "-"));
  const source = join(MODULES, folder);
  const copy = join(home, "node_modules", packageName);
  const version = versionOf(source);
  if (!existsSync(join(copy, "package.json")) || versionOf(copy) !== version) {
    const draft = `${copy}.${process.pid}`;
    mkdirSync(dirname(copy), { recursive: true });
    const needed = (path: string): boolean => !/\.(map|d\.m?ts)$|[/\\]src$/.test(path);
    cpSync(source, draft, { recursive: true, dereference: true, filter: needed });
    rmSync(copy, { recursive: true, force: true });
    renameSync(draft, copy);
  }
  const name = JSON.stringify(packageName);
  const start = `import(${JSON.stringify(PROGRAM)}).then(({ play }) => play(${name}, client));\n`;
  const esm = join(home, "program.mjs");
  const commonjs = join(home, "program.cjs");
  writeOnce(esm, `import * as client from ${name};\n${start}`);
  writeOnce(commonjs, `const client = require(${name});\n${start}`);
  return { version, esm, commonjs };
}

/** A program of another row may be reading it. */
function writeOnce(path: string, text: string): void {
  if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
}

function versionOf(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string }).version;
}
