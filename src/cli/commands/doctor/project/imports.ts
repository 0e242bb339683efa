import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Project } from "./project.ts";

/** One import that a file makes before its own first line runs, or a require() in the order of the text. */
interface Import {
  readonly specifier: string;
  readonly way: "import" | "require";
}

export const REGISTER = "agent-otel/register";

const COMMENTS = /\/\*[\s\S]*?\*\/|^[ \t]*\/\/.*$/gm;
/** Not `import type`, which is gone when the program runs, and not `import(`, which waits for its turn. */
const IMPORTS =
  /(?:^|;)[ \t]*(?:import|export)(?![ \t]+type\b)\b[^;'"`(]*?["']([^"'\n]+)["']|\brequire\(\s*["']([^"'\n]+)["']\s*\)/gm;
const MOST_FILES = 500;

export function importsOf(text: string): readonly Import[] {
  return [...text.replace(COMMENTS, "").matchAll(IMPORTS)].map(([, imported, required]) =>
    imported === undefined
      ? { specifier: required ?? "", way: "require" }
      : { specifier: imported, way: "import" },
  );
}

/** Whether Node takes the file for an ES module, whose imports are all found before its first line runs. */
export function isEsModule(path: string, text: string, type: string | undefined): boolean {
  if (/\.m[jt]s$/.test(path)) return true;
  if (/\.c[jt]s$/.test(path)) return false;
  if (type === "module") return true;
  // Compiled to require(), most likely: then the order of lines counts.
  if (/\.tsx?$/.test(path) || type === "commonjs") return false;
  return importsOf(text).some(({ way }) => way === "import");
}

/** Packages that a list of imports loads, also through the program's own files. */
export function packagesBehind(
  from: string,
  imports: readonly Import[],
  project: Project,
): ReadonlySet<string> {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const waiting = imports.map(({ specifier }) => ({ from, specifier }));
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (!next.specifier.startsWith(".")) {
      packages.add(next.specifier);
      continue;
    }
    const path = fileOf(next.from, next.specifier, project);
    if (path === undefined || seen.has(path) || seen.size >= MOST_FILES) continue;
    seen.add(path);
    for (const { specifier } of importsOf(project.files.texts.get(path) ?? ""))
      waiting.push({ from: path, specifier });
  }
  return packages;
}

function fileOf(from: string, specifier: string, { files }: Project): string | undefined {
  const path = resolve(dirname(from), specifier);
  const source = path.replace(/\.([cm]?)js$/, ".$1ts");
  const named = [
    path,
    source,
    ...["js", "ts", "mjs", "cjs", "mts", "cts"].map((ending) => `${path}.${ending}`),
  ];
  const indexes = existsSync(path) ? [resolve(path, "index.js"), resolve(path, "index.ts")] : [];
  return [...named, ...indexes].find((candidate) => files.texts.has(candidate));
}
