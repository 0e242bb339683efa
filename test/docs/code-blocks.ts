import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../contract/source-files.ts";

/** A program that a document shows. */
export interface CodeBlock {
  /** `docs/cost.md:14`, for messages. */
  readonly place: string;
  readonly file: string;
  readonly language: "ts" | "tsx" | "js";
  readonly code: string;
  /** Why it is not run, as the document says in a comment before it: `<!-- not run: it needs a webhook -->`. */
  readonly notRun: string | undefined;
}

/** What users read: everything in Markdown that the repository has, but for what speaks to its developers alone. */
export const DOCUMENTS: readonly string[] = globSync(["README.md", "docs/**/*.md", "examples/**/*.md"], {
  cwd: root,
  exclude: (path) => path.includes("node_modules") || path === "docs/api",
}).toSorted();

const FENCE =
  /(?:<!-- not run: (?<reason>[^>]+) -->\s*)?^```(?<language>ts|tsx|js)\b[^\n]*\n(?<code>[\s\S]*?)^```$/gm;

export function codeBlocksOf(file: string): readonly CodeBlock[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(FENCE)].map(({ index, groups }) => ({
    place: `${file}:${text.slice(0, index).split("\n").length}`,
    file,
    language: groups?.["language"] as CodeBlock["language"],
    code: groups?.["code"] ?? "",
    notRun: groups?.["reason"]?.trim(),
  }));
}

/** Files of examples that documents show as a whole: they are compiled where they stand, and have tests of their own. */
const EXAMPLES: ReadonlySet<string> = new Set(
  globSync("examples/**/*.ts", { cwd: root, exclude: (path) => path.includes("node_modules") }).map((file) =>
    // Without the line that says what the file is: the document around it does.
    readFileSync(join(root, file), "utf8").replace(/^\/\/.*\n/, ""),
  ),
);

export const CODE_BLOCKS: readonly CodeBlock[] = DOCUMENTS.flatMap(codeBlocksOf).filter(
  ({ code }) => !EXAMPLES.has(code),
);
