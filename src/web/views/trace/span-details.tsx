import type { ComponentChildren } from "preact";
import type { TraceSpanRow } from "../../../server/api/traces.ts";
import { duration } from "../../format/duration.ts";
import { money } from "../../format/money.ts";
import { whole } from "../../format/numbers.ts";
import { useHref } from "../../router/use-route.ts";
import { AgentLink } from "../../ui/agent-name.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Time } from "../../ui/facts.tsx";
import { Attributes } from "./attributes.tsx";
import { Evaluations } from "./evaluations.tsx";

/** All that is known of one span. */
export function SpanDetails({ span, traceId }: { readonly span: TraceSpanRow; readonly traceId: string }) {
  const href = useHref();
  return (
    <div class="span-details">
      <h3>
        <bdi>{span.name}</bdi>
      </h3>
      {span.status === "error" && (
        <div class="notice bad">
          <p>
            <strong>{span.error_type ?? "Failed"}</strong>
            {span.status_message !== null && span.status_message !== span.error_type && (
              <>
                : <bdi>{span.status_message}</bdi>
              </>
            )}
          </p>
        </div>
      )}
      <dl class="pairs">
        {span.agent !== null && (
          <Pair name="Agent">
            <AgentLink name={span.agent} />
          </Pair>
        )}
        <Pair name="Operation">{span.operation}</Pair>
        <Pair name="Model">{span.model}</Pair>
        <Pair name="Tool">{span.tool}</Pair>
        <Pair name="Start">
          <Time at={span.start} /> <span class="muted">+{duration(span.offset_ms)}</span>
        </Pair>
        <Pair name="Duration">{span.duration_ms === null ? "still open" : duration(span.duration_ms)}</Pair>
        {(span.input_tokens !== null || span.output_tokens !== null) && (
          <>
            <Pair name="Tokens in">{span.input_tokens === null ? null : whole(span.input_tokens)}</Pair>
            <Pair name="Tokens out">{span.output_tokens === null ? null : whole(span.output_tokens)}</Pair>
            <Pair name="Cost">{money(span.cost_usd)}</Pair>
          </>
        )}
        <Pair name="Service">{span.service}</Pair>
        <Pair name="Kind">
          <Badge tone="plain">{span.kind.toLowerCase()}</Badge>
        </Pair>
        <Pair name="Made by">{span.scope}</Pair>
        <Pair name="Span id">
          <code>{span.span_id}</code>
        </Pair>
      </dl>
      <Evaluations list={span.evaluations} />
      {span.evaluates !== null && (
        <p class="muted">
          Evaluates <a href={href(["traces", traceId], { span: span.evaluates })}>the span above it</a>, which
          shows the result.
        </p>
      )}
      {span.events.length > 0 && (
        <>
          <h4>Events</h4>
          <ol class="events">
            {span.events.map((event, index) => (
              // Events have no ids and never move.
              <li key={index}>
                <div class="event-head">
                  <bdi>{event.name}</bdi> <span class="muted">+{duration(event.offset_ms)}</span>
                </div>
                <Attributes values={event.attributes} />
              </li>
            ))}
          </ol>
        </>
      )}
      {span.links.length > 0 && (
        <>
          <h4>Goes on with</h4>
          <ul class="plain">
            {span.links.map(({ trace_id, span_id }) => (
              <li key={span_id}>
                <a href={href(["traces", trace_id], { span: span_id })}>
                  <code>{trace_id.slice(0, 16)}…</code>
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
      <h4>Attributes</h4>
      <Attributes values={span.attributes} />
    </div>
  );
}

function Pair({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  if (children === null) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{typeof children === "string" ? <bdi>{children}</bdi> : children}</dd>
    </div>
  );
}
