import type { RateLimitStore } from "../../src/stores/rate-limits/rate-limit-store.ts";
import type { SqliteFile } from "../../src/stores/sqlite/sqlite-file.ts";

/** Looks how much was used, and counts in a statement of its own: what others count in between is lost. */
export function checkThenCount(file: SqliteFile): RateLimitStore {
  const unused = async (): Promise<void> => {};
  return {
    async take({ limiter, key, rules }, { calls }) {
      const db = file.forWriting();
      const name = `${limiter}/${key}`;
      const used = Number(
        db.prepare("SELECT state FROM rate_limits WHERE name = ?").get(name)?.["state"] ?? 0,
      );
      const capacity = Math.min(...rules.map((rule) => rule.capacity));
      // As with any database that answers later.
      await new Promise((resolve) => setImmediate(resolve));
      const allowed = used + calls <= capacity;
      if (allowed)
        db.prepare("INSERT OR REPLACE INTO rate_limits VALUES (?, ?, 0)").run(name, String(used + calls));
      return { allowed, remaining: 0, retryAfterMs: allowed ? 0 : 1, reason: undefined, limit: undefined };
    },
    add: unused,
    pause: unused,
    lower: unused,
  };
}
