import { resolve } from "node:path";

const DEFAULT = ".agent-otel/agent-otel.db";
const VARIABLE = "AGENT_OTEL_DB";

/**
 * Which file holds the embedded data: the option, else AGENT_OTEL_DB, else `.agent-otel/agent-otel.db`. Absolute, so that a later
 * `process.chdir` moves nothing.
 *
 * @throws TypeError that names the option or the variable, and the value.
 */
export function databasePath(
  path: string | undefined,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  if (path !== undefined) return checked("path", path);
  const named = env[VARIABLE]?.trim();
  return checked(VARIABLE, named === undefined || named === "" ? DEFAULT : named);
}

function checked(name: string, path: unknown): string {
  if (typeof path !== "string" || path.trim() === "" || path.includes("\0"))
    throw new TypeError(`sqlite: ${name} must be the path of a file, got ${JSON.stringify(path)}`);
  // SQLite would keep it in memory, or read parameters out of it.
  if (path === ":memory:" || path.startsWith("file:"))
    throw new TypeError(`sqlite: ${name} must be a plain path, got ${JSON.stringify(path)}`);
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path))
    throw new TypeError(
      `sqlite: ${name} must be a plain path, got the URL of another store (${path.slice(0, path.indexOf("://"))}:…); use postgresLedger, postgresStore or redisStore`,
    );
  return resolve(path);
}
