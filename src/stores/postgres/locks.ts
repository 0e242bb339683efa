/** "AOTL": advisory locks are numbers that everybody in a database shares. */
const OURS = 0x41_4f_54_4c;
const NUMBERS = { migrations: 1, ledger: 2 } as const;

/** A statement that waits for one of our locks and holds it until the end of the transaction. */
export function lockStatement(lock: keyof typeof NUMBERS): string {
  return `SELECT pg_advisory_xact_lock(${OURS}, ${NUMBERS[lock]})`;
}

/** The same for a lock with a name. Two names may have one number: they wait for each other without need, and that is all. */
export function namedLockStatement(name: string): {
  readonly sql: string;
  readonly parameters: readonly unknown[];
} {
  return { sql: "SELECT pg_advisory_xact_lock(hashtextextended($1, $2))", parameters: [name, OURS] };
}
