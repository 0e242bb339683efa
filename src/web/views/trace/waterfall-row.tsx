import type { TraceSpanRow } from "../../../server/api/traces.ts";
import { agentColor } from "../../color/agent-color.ts";
import { duration } from "../../format/duration.ts";
import { money } from "../../format/money.ts";
import { short, whole } from "../../format/numbers.ts";
import type { SpanRow } from "../../trace/span-tree.ts";
import { Icon } from "../../ui/icon.tsx";
import { evaluationText, verdictText } from "./evaluations.tsx";

/** As in styles/trace.css. */
export const ROW_PX = 30;
const DEEPEST_INDENT = 14;
const INDENT_PX = 14;

interface WaterfallRowProps {
  readonly row: SpanRow<TraceSpanRow>;
  readonly id: string;
  readonly index: number;
  readonly count: number;
  /** Milliseconds that the axis ends at. */
  readonly end: number;
  /** `undefined`: it has no children. */
  readonly open: boolean | undefined;
  readonly chosen: boolean;
  readonly choose: (spanId: string) => void;
  readonly toggle: (spanId: string) => void;
}

export function WaterfallRow(props: WaterfallRowProps) {
  const { row, id, index, count, end, open, chosen, choose, toggle } = props;
  const { span, depth, orphan } = row;
  const color = span.agent === null ? undefined : agentColor(span.agent);
  const failed = span.status === "error";
  const tokens = (span.input_tokens ?? 0) + (span.output_tokens ?? 0);
  const used = span.input_tokens !== null || span.output_tokens !== null;
  const classes = ["span-row", failed ? "failed" : "", chosen ? "chosen" : ""].join(" ");
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys, as the ARIA pattern asks
    <div
      id={id}
      class={classes}
      role="treeitem"
      tabIndex={-1}
      aria-level={depth + 1}
      aria-setsize={count}
      aria-posinset={index + 1}
      aria-selected={chosen}
      aria-expanded={open}
      style={{
        top: `${index * ROW_PX}px`,
        ...(color !== undefined && { "--light": color.light, "--dark": color.dark }),
      }}
      onClick={() => choose(span.span_id)}
    >
      <span class="hidden">{label(span, orphan)}</span>
      <span
        class="span-name"
        aria-hidden="true"
        style={{ paddingLeft: `${Math.min(depth, DEEPEST_INDENT) * INDENT_PX}px` }}
      >
        <span
          class={`twist ${open === undefined ? "leaf" : open ? "open" : ""}`}
          aria-hidden="true"
          onClick={(event) => {
            event.stopPropagation();
            if (open !== undefined) toggle(span.span_id);
          }}
        >
          {open !== undefined && <Icon name="chevron" />}
        </span>
        <span class={color === undefined ? "dot none" : "dot"} />
        <bdi class="cut" title={span.name}>
          {span.name}
        </bdi>
        {span.evaluations.length > 0 && (
          <span class="span-evaluated" title={span.evaluations.map(evaluationText).join("\n")}>
            {verdictText(span.evaluations[0]!)}
            {span.evaluations.length > 1 && ` +${span.evaluations.length - 1}`}
          </span>
        )}
        {failed && (
          <span class="span-failed" title={span.error_type ?? "error"}>
            !
          </span>
        )}
        {orphan && (
          <span class="muted" title="Its parent was not sent">
            ⌁
          </span>
        )}
      </span>
      <span class="span-number" aria-hidden="true">
        {used ? short(tokens) : ""}
      </span>
      <span class="span-number" aria-hidden="true">
        {used ? (span.cost_usd === null ? "unknown" : money(span.cost_usd)) : ""}
      </span>
      <Bar span={span} end={end} />
    </div>
  );
}

function Bar({ span, end }: { readonly span: TraceSpanRow; readonly end: number }) {
  const percentOf = (ms: number) => Math.min(100, Math.max(0, (ms / (end || 1)) * 100));
  const left = percentOf(span.offset_ms);
  const right = percentOf(span.offset_ms + (span.duration_ms ?? end));
  return (
    <span class="span-track" aria-hidden="true">
      <span
        class={span.duration_ms === null ? "span-bar unfinished" : "span-bar"}
        style={{ left: `${left}%`, width: `${right - left}%` }}
      />
      {span.events.slice(0, 50).map((event, index) => (
        <span
          // Events have no ids and never move.
          key={index}
          class={event.name === "exception" ? "span-event bad" : "span-event"}
          style={{ left: `${percentOf(event.offset_ms)}%` }}
          title={event.name}
        />
      ))}
      <span class="span-time" style={{ left: `calc(${right}% + 6px)` }}>
        {span.duration_ms === null ? "open" : duration(span.duration_ms)}
      </span>
    </span>
  );
}

function label(span: TraceSpanRow, orphan: boolean): string {
  const used = span.input_tokens !== null || span.output_tokens !== null;
  const parts = [
    span.name,
    span.agent !== null && `agent ${span.agent}`,
    span.duration_ms === null ? "still open" : duration(span.duration_ms),
    span.status === "error" && `failed: ${span.error_type ?? "error"}`,
    used && `${whole((span.input_tokens ?? 0) + (span.output_tokens ?? 0))} tokens`,
    used && money(span.cost_usd),
    ...span.evaluations.slice(0, 5).map((each) => `evaluated: ${evaluationText(each)}`),
    orphan && "its parent was not sent",
  ];
  return parts.filter((part) => part !== false).join(", ");
}
