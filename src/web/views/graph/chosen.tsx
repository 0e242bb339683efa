import type { ComponentChildren } from "preact";
import type { Graph } from "../../../server/api/agents.ts";
import { duration } from "../../format/duration.ts";
import { percent, shareOf, whole } from "../../format/numbers.ts";
import { edgeIdOf } from "../../graph/edge-id.ts";
import { useHref } from "../../router/use-route.ts";
import { AgentLink } from "../../ui/agent-name.tsx";
import { HealthScore } from "../../ui/badge.tsx";
import { CostText } from "../../ui/facts.tsx";

interface ChosenProps {
  readonly graph: Graph;
  readonly id: string | undefined;
  readonly clear: () => void;
}

/** The node or edge that was clicked, and where to go from it. */
export function Chosen({ graph, id, clear }: ChosenProps) {
  const href = useHref();
  const node = graph.nodes.find((one) => one.id === id);
  const edge = graph.edges.find((one) => edgeIdOf(one) === id);
  if (node !== undefined) {
    return (
      <Frame
        clear={clear}
        title={node.kind === "agent" ? <AgentLink name={node.name} /> : <bdi>{node.name}</bdi>}
      >
        <span>{node.kind}</span>
        <span>{whole(node.calls)} calls</span>
        <span class={node.errors > 0 ? "tone-bad" : ""}>
          {percent(shareOf(node.errors, node.calls))} errors
        </span>
        {node.tokens > 0 && <span>{whole(node.tokens)} tokens</span>}
        {node.tokens > 0 && <CostText usd={node.cost_usd} tokens={node.tokens} />}
        {node.kind === "agent" && (
          <>
            <span>
              <CostText usd={node.inclusive_cost_usd} tokens={node.tokens} /> with calls
            </span>
            <HealthScore score={node.health} />
            <a href={href(["agents", node.name])}>Open the agent</a>
            <a href={href(["traces"], { agent: node.name })}>Its traces</a>
          </>
        )}
        {node.kind === "model" && <a href={href(["traces"], { model: node.name })}>Its traces</a>}
      </Frame>
    );
  }
  if (edge === undefined) return null;
  const nameOf = (nodeId: string) => graph.nodes.find((one) => one.id === nodeId)?.name ?? nodeId;
  return (
    <Frame
      clear={clear}
      title={
        <>
          <bdi>{nameOf(edge.source)}</bdi> → <bdi>{nameOf(edge.target)}</bdi>
        </>
      }
    >
      <span>{whole(edge.calls)} calls</span>
      <span class={edge.errors > 0 ? "tone-bad" : ""}>
        {percent(shareOf(edge.errors, edge.calls))} errors
      </span>
      <span>
        p50 {duration(edge.p50_ms)}, p95 {duration(edge.p95_ms)}
      </span>
      {edge.tokens > 0 && <CostText usd={edge.cost_usd} tokens={edge.tokens} />}
    </Frame>
  );
}

interface FrameProps {
  readonly title: ComponentChildren;
  readonly clear: () => void;
  readonly children: ComponentChildren;
}

function Frame({ title, clear, children }: FrameProps) {
  return (
    <div class="graph-chosen" role="status">
      <strong>{title}</strong>
      {children}
      <button type="button" class="button small" onClick={clear}>
        Show all
      </button>
    </div>
  );
}
