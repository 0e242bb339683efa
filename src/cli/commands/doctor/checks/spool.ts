import { accessSync, constants, existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { openPrivateDirectory } from "../../../../pipeline/durable-span-exporter/disk/private-directory.ts";
import { SEGMENT_SUFFIX } from "../../../../pipeline/durable-span-exporter/disk/segment-writer.ts";
import type { SpoolConfig } from "../../../../pipeline/environment/spool-config.ts";
import { type Finding, finding, fine, found, skipped } from "../finding.ts";
import type { Check } from "./check.ts";
import { pipelineOf } from "./configuration.ts";

const MIB = 2 ** 20;
const DEFAULT_MAX_BYTES = 1_024 * MIB;
/** Of what the directory may hold: long before the oldest spans go. */
const GROWN_SHARE = 0.25;
/** Segments that wait this long were not delivered. */
const GROWN_MS = 60 * 60_000;
const FIX = "name a directory of this user with AGENT_OTEL_SPOOL_DIR, which nobody else may write";

/** The directory where spans wait. */
export const spool: Check = {
  name: "spool",
  run: (project) => {
    const config = pipelineOf(project)?.spool;
    if (config === undefined) return skipped("spans wait in memory (AGENT_OTEL_SPOOL_DIR)");
    const directory = resolve(project.folder, config.directory);
    const wrong = whatIsWrong(directory);
    if (wrong !== undefined) return found([finding("spool_unusable", wrong, FIX)], "");
    return waiting(directory, config, Date.now());
  },
};

/** Makes nothing: a directory that is not there yet must only be possible. */
function whatIsWrong(directory: string): string | undefined {
  try {
    if (existsSync(directory)) openPrivateDirectory(directory);
    accessSync(nearest(directory), constants.W_OK | constants.X_OK);
    return statSync(nearest(directory)).isDirectory()
      ? undefined
      : `spool directory ${directory} cannot be made: ${nearest(directory)} is a file`;
  } catch (error) {
    return `spool directory ${directory} cannot be used: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function nearest(path: string): string {
  for (let at = path; ; at = dirname(at)) if (existsSync(at) || dirname(at) === at) return at;
}

function waiting(directory: string, { maxBytes = DEFAULT_MAX_BYTES }: SpoolConfig, nowMs: number) {
  const segments = segmentsIn(directory);
  const bytes = segments.reduce((sum, { size }) => sum + size, 0);
  const oldestMs = segments.reduce((oldest, { mtimeMs }) => Math.min(oldest, mtimeMs), nowMs);
  const size = `${(bytes / MIB).toFixed(1)} MiB`;
  const findings: Finding[] = [];
  if (bytes > maxBytes * GROWN_SHARE || (bytes > 0 && nowMs - oldestMs > GROWN_MS)) {
    const since = new Date(oldestMs).toISOString();
    findings.push(
      finding(
        "spool_growing",
        `${size} of spans wait in ${directory}, the oldest since ${since}: they are not delivered`,
        "see to the endpoint; what is waiting is sent by the next process that uses the directory",
      ),
    );
  }
  return found(findings, fine(`${directory}, ${size} waiting`).detail);
}

function segmentsIn(directory: string) {
  return entriesOf(directory)
    .filter((name) => name.endsWith(SEGMENT_SUFFIX))
    .flatMap((name) => {
      const stat = statSync(join(directory, name), { throwIfNoEntry: false });
      return stat === undefined ? [] : [stat];
    });
}

function entriesOf(directory: string): string[] {
  try {
    return readdirSync(directory, { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
}
