import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { TraceSpanRow } from "../../../server/api/traces.ts";
import { spanRows } from "../../trace/span-tree.ts";
import { ticks, tickText } from "../../trace/ticks.ts";
import { treeKey } from "../../trace/tree-key.ts";
import { ROW_PX, WaterfallRow } from "./waterfall-row.tsx";

const BEYOND = 12;
const FIRST_HEIGHT_PX = 640;

interface WaterfallProps {
  readonly spans: readonly TraceSpanRow[];
  readonly totalMs: number;
  readonly chosen: string | undefined;
  readonly choose: (spanId: string) => void;
}

/** Spans over time, as a tree that is moved in by keyboard. Only rows in sight exist, so that 10,000 spans scroll smoothly. */
export function Waterfall({ spans, totalMs, chosen, choose }: WaterfallProps) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const [top, setTop] = useState(0);
  const rows = useMemo(() => spanRows(spans, collapsed), [spans, collapsed]);
  const end = useMemo(
    () =>
      Math.max(
        totalMs,
        ...[0].concat(
          // An evaluation may come a day later.
          spans.map(({ offset_ms, duration_ms, evaluates }) =>
            evaluates === null ? offset_ms + (duration_ms ?? 0) : 0,
          ),
        ),
      ),
    [spans, totalMs],
  );
  const parents = useMemo(() => rows.filter(({ children }) => children > 0).length, [rows]);
  const at = rows.findIndex(({ span }) => span.span_id === chosen);
  const first = Math.max(0, Math.floor(top / ROW_PX) - BEYOND);
  const last = Math.min(rows.length, Math.ceil((top + FIRST_HEIGHT_PX) / ROW_PX) + BEYOND);

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || at < 0) return;
    const [from, to] = [at * ROW_PX, (at + 1) * ROW_PX];
    if (from < element.scrollTop) element.scrollTop = from;
    if (to > element.scrollTop + element.clientHeight) element.scrollTop = to - element.clientHeight;
  }, [at]);
  // A span that is searched for by its address is shown, whatever is collapsed above it.
  useEffect(() => {
    if (chosen !== undefined && at < 0) setCollapsed(new Set());
  }, [chosen, at]);

  const toggle = (spanId: string) =>
    setCollapsed((now) => {
      const next = new Set(now);
      if (!next.delete(spanId)) next.add(spanId);
      return next;
    });
  const press = (event: KeyboardEvent) => {
    const move = treeKey(event.key, rows, Math.max(0, at), collapsed);
    if (move === undefined) return;
    event.preventDefault();
    if (move.toggle !== undefined) toggle(move.toggle);
    if (move.choose !== undefined) choose(move.choose);
  };
  return (
    <div class="waterfall">
      <div class="waterfall-tools">
        <button
          type="button"
          class="link"
          onClick={() =>
            setCollapsed(
              collapsed.size > 0
                ? new Set()
                : new Set(
                    rows
                      .filter(({ depth, children }) => depth > 0 && children > 0)
                      .map(({ span }) => span.span_id),
                  ),
            )
          }
          disabled={parents === 0}
        >
          {collapsed.size > 0 ? "Expand all" : "Collapse all"}
        </button>
        <span class="muted hint">Arrow keys move, ← and → close and open</span>
      </div>
      <div class="waterfall-axis" aria-hidden="true">
        <span class="axis-track">
          {ticks(end).map((ms) => (
            <span key={ms} class="tick" style={{ left: `${(ms / (end || 1)) * 100}%` }}>
              {tickText(ms)}
            </span>
          ))}
        </span>
      </div>
      <div
        ref={box}
        class="waterfall-rows"
        role="tree"
        aria-label="Spans of the trace"
        aria-activedescendant={at < 0 ? undefined : `${id}-${at}`}
        tabIndex={0}
        onKeyDown={press}
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      >
        <div class="waterfall-space" role="none" style={{ height: `${rows.length * ROW_PX}px` }}>
          {rows.slice(first, last).map((row, index) => (
            <WaterfallRow
              key={row.span.span_id}
              row={row}
              id={`${id}-${first + index}`}
              index={first + index}
              count={rows.length}
              end={end}
              open={row.children === 0 ? undefined : !collapsed.has(row.span.span_id)}
              chosen={first + index === at}
              choose={choose}
              toggle={toggle}
            />
          ))}
        </div>
      </div>
    </div>
  );
}
