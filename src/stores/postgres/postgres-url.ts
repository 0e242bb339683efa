export interface PostgresUrl {
  /** As it was given, with its password. */
  readonly connection: string;
  /** For errors and logs: without password and parameters. */
  readonly shown: string;
}

/** @throws TypeError that never has the URL in it, since half of a mistyped one may be the password. */
export function postgresUrl(url: unknown): PostgresUrl {
  if (typeof url !== "string") throw new TypeError(`postgres: url must be a string, got ${typeof url}`);
  const parsed = URL.parse(url);
  // An "@" in the path is the end of a password with an unescaped "/".
  if (parsed === null || !isPostgres(parsed) || parsed.pathname.includes("@"))
    throw new TypeError(
      "postgres: url must look like postgres://user:password@host:5432/database, with special characters of the " +
        "password percent-encoded",
    );
  const user = parsed.username === "" ? "" : `${parsed.username}@`;
  return { connection: url, shown: `${parsed.protocol}//${user}${parsed.host}${parsed.pathname}` };
}

function isPostgres({ protocol }: URL): boolean {
  return protocol === "postgres:" || protocol === "postgresql:";
}
