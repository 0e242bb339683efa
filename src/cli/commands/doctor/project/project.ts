import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../../../pipeline/environment/variables.ts";
import { type ScannedFiles, scanFiles } from "./scan-files.ts";

/** The part of a program's package.json that is looked at. */
export interface Manifest {
  readonly name: string | undefined;
  readonly type: string | undefined;
  /** By name. */
  readonly scripts: ReadonlyMap<string, string>;
}

/** What the checks look at. */
export interface Project {
  /** Where the program runs. Absolute. */
  readonly folder: string;
  /** The program's, where it was run. */
  readonly env: Environment;
  /** As `process.version` of the program has it. */
  readonly nodeVersion: string;
  /** Given on the command line, in place of OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly endpoint: string | undefined;
  /** `undefined`: there is no package.json, or none that can be read. */
  readonly manifest: Manifest | undefined;
  /** The program's own files. */
  readonly files: ScannedFiles;
}

export type ProjectFacts = Pick<Project, "folder" | "env" | "nodeVersion" | "endpoint">;

export function readProject(facts: ProjectFacts): Project {
  return { ...facts, manifest: readManifest(facts.folder), files: scanFiles(facts.folder) };
}

function readManifest(folder: string): Manifest | undefined {
  try {
    const { name, type, scripts } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      name?: unknown;
      type?: unknown;
      scripts?: unknown;
    };
    const entries = typeof scripts === "object" && scripts !== null ? Object.entries(scripts) : [];
    const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === "string");
    return { name: text(name), type: text(type), scripts: new Map(texts) };
  } catch {
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
