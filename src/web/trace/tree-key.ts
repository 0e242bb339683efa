import type { SpanRow, TreeSpan } from "./span-tree.ts";

/** What a key does in a tree: the span that is chosen then, and the one that is opened or closed. */
export interface TreeMove {
  readonly choose?: string;
  readonly toggle?: string;
}

const PAGE = 15;

/** Keys of the ARIA tree pattern: https://www.w3.org/WAI/ARIA/apg/patterns/treeview/. `undefined`: the key is not one of them. */
export function treeKey<T extends TreeSpan>(
  key: string,
  rows: readonly SpanRow<T>[],
  at: number,
  collapsed: ReadonlySet<string>,
): TreeMove | undefined {
  const row = rows[at];
  if (row === undefined) return undefined;
  const to = (index: number): TreeMove => {
    const target = rows[Math.min(rows.length - 1, Math.max(0, index))];
    return target === undefined ? {} : { choose: target.span.span_id };
  };
  const id = row.span.span_id;
  const isOpen = row.children > 0 && !collapsed.has(id);
  switch (key) {
    case "ArrowDown":
      return to(at + 1);
    case "ArrowUp":
      return to(at - 1);
    case "PageDown":
      return to(at + PAGE);
    case "PageUp":
      return to(at - PAGE);
    case "Home":
      return to(0);
    case "End":
      return to(rows.length - 1);
    case "Enter":
    case " ":
      return row.children > 0 ? { choose: id, toggle: id } : { choose: id };
    case "ArrowRight":
      if (row.children === 0) return {};
      return isOpen ? to(at + 1) : { toggle: id };
    case "ArrowLeft": {
      if (isOpen) return { toggle: id };
      for (let index = at - 1; index >= 0; index -= 1) {
        if (rows[index]!.depth < row.depth) return to(index);
      }
      return {};
    }
    default:
      return undefined;
  }
}
