import { readFileSync } from "node:fs";

const SEMCONV = new URL("../../src/telemetry/semconv.ts", import.meta.url);
const CONSTANT = /\/\*\*([^*]*(?:\*(?!\/)[^*]*)*)\*\/\s*export const (\w+)/g;
const COMMIT = /conventions at commit ([0-9a-f]{40})/;

export interface SemconvSource {
  /** The commit of the GenAI conventions that its names are from. */
  readonly commit: string;
  /** Docstring of each constant that has one, as one line. */
  readonly docstrings: ReadonlyMap<string, string>;
}

/** What the types of semconv.ts cannot say. @throws Error where it no longer says which commit its names are from. */
export function readSemconvSource(): SemconvSource {
  const source = readFileSync(SEMCONV, "utf8");
  const [, commit] = COMMIT.exec(source) ?? [];
  if (commit === undefined) throw new Error("semconv.ts: its head must name the commit of the conventions");
  const docstrings = new Map(
    [...source.matchAll(CONSTANT)].map(([, text = "", key = ""]) => [key, oneLine(text)]),
  );
  return { commit, docstrings };
}

function oneLine(comment: string): string {
  return comment
    .replace(/\n\s*\*/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}
