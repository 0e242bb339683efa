import { MOST, type UsageColumns } from "../sql/usage-columns.ts";
import type { Query } from "./postgres-database.ts";

// What writing needs, without the SQL builder. Every statement is a constant of names from the schema.

/** Adds rows to what is there, up to what can be counted. Rows of one key may come several times. */
export async function addRows<Row>(
  query: Query,
  columns: UsageColumns<Row>,
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return;
  const values = rows.map(columns.values);
  const { keys, sums } = columns;
  await query(
    upsert(columns),
    [...keys, ...sums].map((_, column) => values.map((row) => row[column])),
  );
}

export function forgetStatement<Row>({ table }: UsageColumns<Row>): string {
  return `DELETE FROM agent_otel_${table} WHERE day < $1`;
}

/** A list for each column. In the order of the keys, so that two programs that write at once wait, and do not lock each other out. */
function upsert<Row>({ table, keys, sums }: UsageColumns<Row>): string {
  const lists = [...keys.map(() => "text[]"), ...sums.map(() => "bigint[]")].map(
    (type, i) => `$${i + 1}::${type}`,
  );
  const key = keys.join(", ");
  return `INSERT INTO agent_otel_${table} AS stored (${key}, ${sums.join(", ")})
    SELECT ${key}, ${sums.map((sum) => `least(sum(${sum}), ${MOST})::bigint`).join(", ")}
    FROM unnest(${lists.join(", ")}) AS given (${key}, ${sums.join(", ")})
    GROUP BY ${key} ORDER BY ${keys.map((name) => `${name} COLLATE "C"`).join(", ")}
    ON CONFLICT (${key}) DO UPDATE SET
    ${sums.map((sum) => `${sum} = least(stored.${sum} + excluded.${sum}, ${MOST})`).join(", ")}`;
}
