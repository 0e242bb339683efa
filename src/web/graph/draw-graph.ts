import cytoscape, { type Core, type ElementDefinition, type StylesheetJson } from "cytoscape";
import dagre from "cytoscape-dagre";
import type { Graph, GraphNode } from "../../server/api/agents.ts";
import { agentColor, type ThemeColor } from "../color/agent-color.ts";
import { cost } from "../format/money.ts";
import { percent, shareOf, short } from "../format/numbers.ts";
import { edgeIdOf } from "./edge-id.ts";
import { edgeWidth, redShare } from "./edge-style.ts";

const MAX_FIRST_ZOOM = 1.15;
const MIN_FIRST_ZOOM = 0.6;

export interface DrawnGraph {
  update(graph: Graph): void;
  /** Node or edge id; everything that it has nothing to do with is dimmed. */
  select(id: string | undefined): void;
  zoom(factor: number): void;
  pan(x: number, y: number): void;
  fit(): void;
  destroy(): void;
}

/** Draws on a canvas. Styles are set through the CSSOM alone, as the Content-Security-Policy asks. */
export function drawGraph(
  place: HTMLElement,
  theme: keyof ThemeColor,
  onSelect: (id: string | undefined) => void,
): DrawnGraph {
  cytoscape.use(dagre);
  keepItsStylesOut();
  const core = cytoscape({
    container: place,
    style: styleOf(theme, getComputedStyle(place).fontFamily),
    minZoom: 0.15,
    maxZoom: 3,
    boxSelectionEnabled: false,
    autounselectify: true,
    pixelRatio: "auto",
  });
  core.on("tap", (event) => onSelect(event.target === core ? undefined : String(event.target.id())));
  core.on("mouseover", "node, edge", () => place.classList.add("over"));
  core.on("mouseout", "node, edge", () => place.classList.remove("over"));
  let shape = "";
  return {
    update(graph) {
      const elements = elementsOf(graph, theme);
      const next = JSON.stringify(elements.map(({ data }) => data.id).sort());
      // The same nodes and edges stay where they are: only their numbers have changed.
      if (next === shape) {
        core.batch(() => {
          for (const { data } of elements) core.getElementById(String(data.id)).data(data);
        });
        return;
      }
      shape = next;
      core.elements().remove();
      core.add(elements);
      arrange(core);
    },
    select: (id) => dim(core, id),
    zoom: (factor) =>
      core.zoom({
        level: core.zoom() * factor,
        renderedPosition: { x: core.width() / 2, y: core.height() / 2 },
      }),
    pan: (x, y) => void core.panBy({ x, y }),
    fit: () => void core.fit(undefined, 24),
    destroy: () => core.destroy(),
  };
}

/** Cytoscape adds a style element for one rule, unless there is an element of this id; the rule stands in graph.css. */
function keepItsStylesOut(): void {
  const id = "__________cytoscape_stylesheet";
  if (document.getElementById(id) !== null) return;
  const mark = document.createElement("meta");
  mark.id = id;
  document.head.append(mark);
}

function arrange(core: Core): void {
  const layout = {
    name: "dagre",
    rankDir: "LR",
    nodeSep: 22,
    rankSep: 112,
    edgeSep: 12,
    fit: true,
    padding: 24,
    animate: false,
  };
  core.layout(layout).run();
  if (core.zoom() > MAX_FIRST_ZOOM) {
    core.zoom(MAX_FIRST_ZOOM);
    core.center();
  }
  if (core.zoom() >= MIN_FIRST_ZOOM) return;
  // Where the whole could not be read, its beginning is shown.
  core.zoom(MIN_FIRST_ZOOM);
  const { x1, y1, h } = core.elements().boundingBox();
  core.pan({ x: 16 - x1 * MIN_FIRST_ZOOM, y: core.height() / 2 - (y1 + h / 2) * MIN_FIRST_ZOOM });
}

function dim(core: Core, id: string | undefined): void {
  core.batch(() => {
    core.elements().removeClass("dim chosen");
    const chosen = id === undefined ? core.collection() : core.getElementById(id);
    if (chosen.empty()) return;
    const near = core
      .collection()
      .union(chosen)
      .union(chosen.connectedNodes())
      .union(chosen.closedNeighborhood());
    core.elements().difference(near).addClass("dim");
    chosen.addClass("chosen");
  });
}

function elementsOf({ nodes, edges }: Graph, theme: keyof ThemeColor): ElementDefinition[] {
  const most = Math.max(1, ...edges.map(({ calls }) => calls));
  const known = new Set(nodes.map(({ id }) => id));
  return [
    ...nodes.map((node) => ({
      group: "nodes" as const,
      data: { id: node.id, kind: node.kind, ...nodeLabel(node), color: nodeColor(node, theme) },
    })),
    ...edges
      .filter(({ source, target }) => known.has(source) && known.has(target))
      .map((edge) => ({
        group: "edges" as const,
        data: {
          id: edgeIdOf(edge),
          source: edge.source,
          target: edge.target,
          label: edgeLabel(edge),
          width: edgeWidth(edge.calls, most),
          stops: `0 ${redShare(edge.errors, edge.calls)} ${redShare(edge.errors, edge.calls)} 100`,
        },
      })),
  ];
}

function nodeLabel(node: GraphNode): { readonly label: string; readonly size: number } {
  const name = node.name.length > 26 ? `${node.name.slice(0, 25)}…` : node.name;
  const spent = node.tokens > 0 ? ` · ${cost({ usd: node.cost_usd, tokens: node.tokens })}` : "";
  const second = node.kind === "user" ? "outside" : `${short(node.calls)} calls${spent}`;
  return { label: `${name}\n${second}`, size: Math.max(name.length * 7.6, second.length * 7.2) + 26 };
}

function edgeLabel(edge: Graph["edges"][number]): string {
  const parts = [short(edge.calls)];
  if (edge.errors > 0) parts.push(`${percent(shareOf(edge.errors, edge.calls))} err`);
  const spent = edge.tokens > 0 ? `\n${cost({ usd: edge.cost_usd, tokens: edge.tokens })}` : "";
  return `${parts.join(" · ")}${spent}`;
}

function nodeColor({ kind, name }: GraphNode, theme: keyof ThemeColor): string {
  if (kind === "agent") return agentColor(name)[theme];
  return theme === "dark" ? "#667085" : "#98a1b0";
}

function styleOf(theme: keyof ThemeColor, font: string): StylesheetJson {
  const dark = theme === "dark";
  const [surface, text, line, red] = dark
    ? ["#1d2129", "#e7eaf0", "#566073", "#ff7a80"]
    : ["#ffffff", "#1a1e27", "#a7afbd", "#c7323c"];
  return [
    {
      selector: "node",
      style: {
        shape: "round-rectangle",
        width: "data(size)",
        height: 46,
        "background-color": surface,
        "border-color": "data(color)",
        "border-width": 2,
        label: "data(label)",
        color: text,
        "font-family": font,
        "font-size": 13,
        "text-wrap": "wrap",
        "text-valign": "center",
        "line-height": 1.35,
      },
    },
    { selector: 'node[kind = "agent"]', style: { "border-width": 3 } },
    { selector: 'node[kind = "tool"]', style: { shape: "cut-rectangle" } },
    { selector: 'node[kind = "model"]', style: { shape: "ellipse", height: 56 } },
    {
      selector: 'node[kind = "workflow"]',
      style: { shape: "rectangle", "border-style": "double", "border-width": 4 },
    },
    { selector: 'node[kind = "user"]', style: { shape: "round-rectangle", "border-style": "dashed" } },
    {
      selector: "edge",
      style: {
        width: "data(width)",
        "curve-style": "bezier",
        "line-color": line,
        "line-fill": "linear-gradient",
        "line-gradient-stop-colors": `${red} ${red} ${line} ${line}`,
        "line-gradient-stop-positions": "data(stops)",
        "target-arrow-shape": "triangle",
        "target-arrow-color": line,
        "arrow-scale": 0.9,
        label: "data(label)",
        color: text,
        "font-family": font,
        "font-size": 12,
        "text-background-color": dark ? "#171a21" : "#ffffff",
        "text-background-opacity": 0.92,
        "text-background-padding": "3px",
        "text-background-shape": "roundrectangle",
        "text-wrap": "wrap",
      },
    },
    { selector: ".dim", style: { opacity: 0.18 } },
    { selector: "node.chosen", style: { "border-width": 5 } },
    { selector: "node:active, edge:active", style: { "overlay-opacity": 0.06 } },
  ] as unknown as StylesheetJson;
}
