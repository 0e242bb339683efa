import { useCallback, useEffect, useState } from "preact/hooks";
import { useApp } from "./app-context.ts";
import { query } from "./paths.ts";
import type { Refusal } from "./problem.ts";
import { type Resource, useResource } from "./use-resource.ts";

export interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

/** A list that grows by pages. */
export interface Pages<T> extends Resource<Page<T>> {
  /** Left out on the last page. */
  readonly more: (() => void) | undefined;
  readonly loadingMore: boolean;
  readonly moreRefusal: Refusal | undefined;
}

interface Rest<T> {
  readonly path: string;
  readonly items: readonly T[];
  readonly next: string | null;
}

/** The first page follows changes. Pages behind it stay as they were read: the cursor goes on from where it was. */
export function usePages<T>(
  path: string,
  parameters: Readonly<Record<string, string | undefined>>,
  keyOf: (item: T) => string,
): Pages<T> {
  const { client } = useApp();
  const full = `${path}${query(parameters)}`;
  const first = useResource<Page<T>>(full);
  const [rest, setRest] = useState<Rest<T> | undefined>();
  const [loadingMore, setLoadingMore] = useState(false);
  const [moreRefusal, setMoreRefusal] = useState<Refusal | undefined>();
  const behind = rest?.path === full ? rest : undefined;
  const next = behind === undefined ? (first.data?.next_cursor ?? null) : behind.next;

  // Another question has its own pages.
  useEffect(() => setMoreRefusal(undefined), [full]);

  const more = useCallback(async () => {
    if (next === null) return;
    setLoadingMore(true);
    const answer = await client.get<Page<T>>(`${path}${query({ ...parameters, cursor: next })}`);
    setLoadingMore(false);
    setMoreRefusal(answer.ok ? undefined : answer.refusal);
    if (!answer.ok) return;
    const before = behind?.items ?? [];
    setRest({ path: full, items: [...before, ...answer.data.items], next: answer.data.next_cursor });
  }, [client, path, full, next, behind, parameters]);

  const data = first.data && {
    items: unique([...first.data.items, ...(behind?.items ?? [])], keyOf),
    next_cursor: next,
  };
  return { ...first, data, more: next === null ? undefined : more, loadingMore, moreRefusal };
}

/** New items push others from the first page to the second, which has them too. */
function unique<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}
