import type { Pages } from "../data/use-pages.ts";
import { Refused } from "./loaded.tsx";

/** Gets the next page of a list. */
export function MoreButton<T>({ of }: { readonly of: Pages<T> }) {
  const { more, loadingMore, moreRefusal } = of;
  if (more === undefined) return null;
  return (
    <div class="more">
      {moreRefusal !== undefined && <Refused refusal={moreRefusal} />}
      <button type="button" class="button" onClick={more} disabled={loadingMore}>
        {loadingMore ? "Loading…" : "Show more"}
      </button>
    </div>
  );
}
