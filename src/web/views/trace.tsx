import { useCallback, useMemo } from "preact/hooks";
import type { TraceDetail } from "../../server/api/traces.ts";
import { segment } from "../data/paths.ts";
import { useResource } from "../data/use-resource.ts";
import { duration } from "../format/duration.ts";
import { plural, whole } from "../format/numbers.ts";
import { useHref, useRoute, useSetQuery } from "../router/use-route.ts";
import { AgentLink } from "../ui/agent-name.tsx";
import { CostText, Fact, Time } from "../ui/facts.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { ViewHead } from "../ui/view-head.tsx";
import { LogLines } from "./trace/log-lines.tsx";
import { SpanDetails } from "./trace/span-details.tsx";
import { Waterfall } from "./trace/waterfall.tsx";

/** One trace: its spans over time, one span in full, and its log lines. */
export function TraceView({ id }: { readonly id: string }) {
  const trace = useResource<TraceDetail>(`traces/${segment(id)}`);
  const href = useHref();
  return (
    <>
      <ViewHead
        title={trace.data?.name ?? "Trace"}
        windowTitle={`Trace ${id.slice(0, 8)}`}
        above={
          <a class="back" href={href(["traces"])}>
            Traces
          </a>
        }
      />
      <Loaded of={trace} lines={16}>
        {(data) => <Trace trace={data} />}
      </Loaded>
    </>
  );
}

function Trace({ trace }: { readonly trace: TraceDetail }) {
  const { query } = useRoute();
  const setQuery = useSetQuery();
  const chosen = query.get("span") ?? undefined;
  const choose = useCallback((span: string) => setQuery({ span }), [setQuery]);
  const span = useMemo(
    () => trace.span_list.find(({ span_id }) => span_id === chosen) ?? trace.span_list[0],
    [trace, chosen],
  );
  return (
    <>
      <p class="subline">
        <code>{trace.trace_id}</code>
        <span>
          <bdi>{trace.service}</bdi>
        </span>
        <Time at={trace.start} />
        {trace.agents.map((name) => (
          <AgentLink key={name} name={name} />
        ))}
      </p>
      <dl class="facts compact">
        <Fact label="Duration" name="trace-duration">
          {duration(trace.duration_ms)}
        </Fact>
        <Fact label="Cost" name="trace-cost">
          {trace.model_calls === 0 ? (
            "–"
          ) : (
            <CostText usd={trace.cost_usd} tokens={trace.tokens} unpriced={trace.unpriced_calls} />
          )}
        </Fact>
        <Fact label="Tokens" name="trace-tokens">
          {whole(trace.tokens)}
        </Fact>
        <Fact label="Spans" name="trace-spans" note={plural(trace.model_calls, "model call")}>
          {whole(trace.spans)}
        </Fact>
        <Fact label="Errors" name="trace-errors" tone={trace.errors > 0 ? "bad" : undefined}>
          {whole(trace.errors)}
        </Fact>
        <Fact label="Findings" name="trace-findings" tone={trace.findings > 0 ? "warn" : undefined}>
          {whole(trace.findings)}
        </Fact>
      </dl>
      {trace.truncated && (
        <div class="notice warn">
          <p>This trace is too long to be shown whole: spans or log lines were left out.</p>
        </div>
      )}
      <div class="columns trace">
        <Panel title="Spans">
          <Waterfall
            spans={trace.span_list}
            totalMs={trace.duration_ms}
            chosen={span?.span_id}
            choose={choose}
          />
        </Panel>
        <Panel title="Span">
          {span === undefined ? (
            <p>No span was sent.</p>
          ) : (
            <SpanDetails span={span} traceId={trace.trace_id} />
          )}
        </Panel>
      </div>
      <Panel title="Log lines" aside={<span class="muted">{plural(trace.logs.length, "line")}</span>}>
        <LogLines lines={trace.logs} span={chosen === undefined ? undefined : span} />
      </Panel>
    </>
  );
}
