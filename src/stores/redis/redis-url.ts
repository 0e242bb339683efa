export interface RedisUrl {
  /** As it was given, with its password. */
  readonly connection: string;
  /** For errors and logs: without password and parameters. */
  readonly shown: string;
}

const WANTED =
  "redis: url must look like redis://user:password@host:6379/0, or rediss:// for TLS, with special characters of the password " +
  "percent-encoded";

/** @throws TypeError that never has the URL in it, since half of a mistyped one may be the password. */
export function redisUrl(url: unknown): RedisUrl {
  if (typeof url !== "string") throw new TypeError(`redis: url must be a string, got ${typeof url}`);
  const parsed = URL.parse(url);
  if (parsed === null || !isRedis(parsed) || parsed.hostname === "" || !isDatabase(parsed.pathname))
    throw new TypeError(WANTED);
  const user = parsed.username === "" ? "" : `${parsed.username}@`;
  return { connection: url, shown: `${parsed.protocol}//${user}${parsed.host}${parsed.pathname}` };
}

function isRedis({ protocol }: URL): boolean {
  return protocol === "redis:" || protocol === "rediss:";
}

/** Anything else may be the rest of a password with an unescaped "/". */
function isDatabase(path: string): boolean {
  return /^(?:\/\d{0,5})?$/.test(path);
}
