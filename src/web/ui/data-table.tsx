// biome-ignore-all lint/a11y/noRedundantRoles: on narrow screens CSS makes cards of rows, which takes the roles of tables away
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

export interface Column<T> {
  readonly key: string;
  readonly title: string;
  readonly cell: (row: T) => ComponentChildren;
  readonly numeric?: boolean;
  /** Takes what is left of the width. */
  readonly wide?: boolean;
  /** The column can be sorted by this, largest first for numbers. */
  readonly sortBy?: (row: T) => number | string;
}

interface DataTableProps<T> {
  /** What the rows are, for screen readers. */
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
}

interface Sorting {
  readonly key: string;
  readonly descending: boolean;
}

/** Rows and columns; on narrow screens a card for each row. Roles are written out, since CSS takes those of tables away. */
export function DataTable<T>({ caption, columns, rows, keyOf }: DataTableProps<T>) {
  const [sorting, setSorting] = useState<Sorting | undefined>();
  const sorted = sort(rows, columns, sorting);
  const sortBy = (key: string, numeric: boolean) =>
    setSorting((now) => ({ key, descending: now?.key === key ? !now.descending : numeric }));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="table-scroll" tabIndex={0} aria-label={caption}>
      <table role="table">
        <caption class="hidden">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ key, title, numeric = false, sortBy: by, wide = false }) => (
              <th
                key={key}
                role="columnheader"
                scope="col"
                class={`${numeric ? "numeric" : ""} ${wide ? "wide" : ""}`}
                aria-sort={
                  sorting?.key === key ? (sorting.descending ? "descending" : "ascending") : undefined
                }
              >
                {by === undefined ? (
                  title
                ) : (
                  <button type="button" class="sort" onClick={() => sortBy(key, numeric)}>
                    {title}
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {sorted.map((row) => (
            <tr key={keyOf(row)} role="row">
              {columns.map(({ key, title, cell, numeric = false, wide = false }) => (
                <td
                  key={key}
                  role="cell"
                  data-label={title}
                  data-column={key}
                  class={`${numeric ? "numeric" : ""} ${wide ? "wide" : ""}`}
                >
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function sort<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  sorting: Sorting | undefined,
): readonly T[] {
  const by = columns.find((column) => column.key === sorting?.key)?.sortBy;
  if (by === undefined) return rows;
  const sign = sorting?.descending === true ? -1 : 1;
  return [...rows].sort((one, other) => {
    const [a, b] = [by(one), by(other)];
    return (
      sign * (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b)))
    );
  });
}
