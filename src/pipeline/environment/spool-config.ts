import type { StartOptions } from "../sdk-options.ts";
import { checkChoice, type Environment, readText, readWholeNumber } from "./variables.ts";

/** Where spans wait until they are delivered, and how safely. What is left out has the exporter's default. */
export interface SpoolConfig {
  readonly directory: string;
  readonly durability?: "none" | "interval" | "fsync";
  readonly maxBytes?: number;
  readonly minFreeBytes?: number;
}

const DURABILITIES = ["none", "interval", "fsync"] as const;
const MIB = 2 ** 20;

/**
 * Option `spool`, else AGENT_OTEL_SPOOL_DIR with AGENT_OTEL_SPOOL_DURABILITY, _MAX_BYTES and _MIN_FREE_BYTES.
 *
 * @returns `undefined` where no directory is given: spans wait in memory.
 * @throws TypeError or RangeError that names the variable or option and its value.
 */
export function readSpool(env: Environment, options: StartOptions): SpoolConfig | undefined {
  if (options.spool !== undefined) return fromOption(options.spool);
  const directory = readText(env, "AGENT_OTEL_SPOOL_DIR");
  if (directory === undefined) return undefined;
  const durability = readText(env, "AGENT_OTEL_SPOOL_DURABILITY")?.toLowerCase();
  const maxBytes = readWholeNumber(env, "AGENT_OTEL_SPOOL_MAX_BYTES", MIB, Number.MAX_SAFE_INTEGER);
  const minFreeBytes = readWholeNumber(env, "AGENT_OTEL_SPOOL_MIN_FREE_BYTES", 0, Number.MAX_SAFE_INTEGER);
  return {
    directory,
    ...(durability && { durability: checkChoice("AGENT_OTEL_SPOOL_DURABILITY", durability, DURABILITIES) }),
    ...(maxBytes !== undefined && { maxBytes }),
    ...(minFreeBytes !== undefined && { minFreeBytes }),
  };
}

/** The other fields are checked by the exporter. */
function fromOption(spool: string | SpoolConfig): SpoolConfig {
  const config = typeof spool === "string" ? { directory: spool } : spool;
  const directory: unknown = typeof config === "object" && config !== null ? config.directory : config;
  if (typeof directory === "string" && directory.trim() !== "") return config;
  throw new TypeError(
    `start: spool must be a path or an object with a directory, got ${JSON.stringify(spool)}`,
  );
}
