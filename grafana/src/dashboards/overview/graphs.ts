import { dependencyGraph } from "../../panels/dependency-graph.ts";
import { nodeGraphPanel } from "../../panels/node-graph.ts";
import { fieldOf } from "../../panels/variable.ts";
import { nodeGraph } from "../../queries/node-graph.ts";
import { toAgent, toTraces } from "../links.ts";
import { APP_AND_AGENT, RANGE } from "../scope.ts";

const HEIGHT = 14;
/** What Jaeger calls the node. */
const SERVICE = fieldOf("id");

export const interactionGraph = nodeGraphPanel({
  id: 11,
  title: "Interactions",
  description:
    "Who calls whom in the range. Node: calls received, and US dollars, of an agent for its own model calls and of a model for all of them; the ring is red by the share of its calls that failed. Edge: calls, and the percentage that failed. A node that nobody calls shows the calls that it makes. With agents chosen: what they call and who calls them.",
  unit: "short",
  noValue: "nobody called anybody in this range",
  queries: nodeGraph(APP_AND_AGENT, RANGE),
  nodeLinks: [toAgent(fieldOf("title")), toTraces(SERVICE)],
  width: 15,
  height: HEIGHT,
});

export const jaegerGraph = dependencyGraph({
  id: 12,
  title: "Interactions in kept traces",
  description:
    "The same as Jaeger has it: calls in the traces that it keeps, without failures and without cost, over all applications. Where traces are sampled it has fewer calls.",
  unit: "short",
  noValue: "Jaeger has no traces of this time, or is not there",
  width: 9,
  height: HEIGHT,
});
