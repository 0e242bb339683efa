export interface Settings {
  /** Tasks at once; each has one agent at work at a time. */
  readonly maxConcurrentAgents: number;
  /** US dollars an hour: of all replicas together where `redisUrl` is set, else of each. */
  readonly costLimitHourlyUsd: number;
  readonly host: string;
  readonly port: number;
  /** How long tasks may still take after SIGTERM, milliseconds. */
  readonly drainMs: number;
  readonly redisUrl: string | undefined;
}

/** What the operator can set, one problem a line. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

const RANGES = {
  MAX_CONCURRENT_AGENTS: { usual: 10, from: 1, to: 1_000, isWhole: true },
  COST_LIMIT_HOURLY: { usual: 10, from: 0.01, to: 100_000, isWhole: false },
  PORT: { usual: 8080, from: 0, to: 65_535, isWhole: true },
  DRAIN_SECONDS: { usual: 30, from: 0, to: 3_600, isWhole: false },
} as const;

/** @throws SettingsError that names each variable, its range and its value. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const problems: string[] = [];
  const read = (name: keyof typeof RANGES): number => {
    const { usual, from, to, isWhole } = RANGES[name];
    const text = env[name];
    if (text === undefined || text === "") return usual;
    // Number() would also take "0x10" and " 7 ", which nobody means.
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (value >= from && value <= to && (!isWhole || Number.isSafeInteger(value))) return value;
    const kind = isWhole ? "a whole number" : "a number";
    problems.push(`${name} must be ${kind} from ${from} to ${to}, got ${JSON.stringify(text)}`);
    return usual;
  };
  const settings = {
    maxConcurrentAgents: read("MAX_CONCURRENT_AGENTS"),
    costLimitHourlyUsd: read("COST_LIMIT_HOURLY"),
    host: env["HOST"] || "127.0.0.1",
    port: read("PORT"),
    drainMs: read("DRAIN_SECONDS") * 1_000,
    redisUrl: env["AGENT_OTEL_REDIS"] || undefined,
  };
  if (problems.length > 0) throw new SettingsError(problems.join("\n"));
  return settings;
}
