import { useEffect, useRef, useState } from "preact/hooks";
import type { Graph } from "../../../server/api/agents.ts";
import { plural } from "../../format/numbers.ts";
import type { DrawnGraph } from "../../graph/draw-graph.ts";
import { Icon } from "../../ui/icon.tsx";
import { useTheme } from "../../ui/theme.ts";

const STEP_PX = 60;

interface GraphCanvasProps {
  readonly graph: Graph;
  readonly chosen: string | undefined;
  readonly choose: (id: string | undefined) => void;
}

/** The drawing, with buttons and keys for what the mouse does. */
export function GraphCanvas({ graph, chosen, choose }: GraphCanvasProps) {
  const theme = useTheme();
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef({ graph, chosen, choose });
  latest.current = { graph, chosen, choose };
  const [drawn, setDrawn] = useState<DrawnGraph | undefined>();

  useEffect(() => {
    let ended = false;
    let made: DrawnGraph | undefined;
    void import("../../graph/draw-graph.ts").then(({ drawGraph }) => {
      if (ended || place.current === null) return;
      made = drawGraph(place.current, theme, (id) => latest.current.choose(id));
      made.update(latest.current.graph);
      made.select(latest.current.chosen);
      setDrawn(made);
    });
    return () => {
      ended = true;
      made?.destroy();
      setDrawn(undefined);
    };
  }, [theme]);
  useEffect(() => drawn?.update(graph), [drawn, graph]);
  useEffect(() => drawn?.select(chosen), [drawn, chosen, graph]);

  const press = (event: KeyboardEvent) => {
    const act = keyAction(event.key, drawn);
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  const words = `Graph of ${plural(graph.nodes.length, "node")} and ${plural(graph.edges.length, "edge")}. Arrow keys move it, plus and minus zoom, 0 fits. The table below has the same.`;
  return (
    <div class="graph">
      <div
        ref={place}
        class="graph-canvas"
        data-drawn={drawn !== undefined}
        role="application"
        aria-label={words}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application has keys of its own
        tabIndex={0}
        onKeyDown={press}
      />
      <div class="graph-tools">
        <Tool icon="plus" label="Zoom in" act={() => drawn?.zoom(1.25)} />
        <Tool icon="minus" label="Zoom out" act={() => drawn?.zoom(0.8)} />
        <Tool icon="fit" label="Fit" act={() => drawn?.fit()} />
      </div>
      <p class="graph-key" aria-hidden="true">
        Thicker: more calls. <span class="tone-bad">Red part</span>: share of errors. Click to filter.
      </p>
    </div>
  );
}

function keyAction(key: string, drawn: DrawnGraph | undefined): (() => void) | undefined {
  const actions: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => drawn?.pan(STEP_PX, 0),
    ArrowRight: () => drawn?.pan(-STEP_PX, 0),
    ArrowUp: () => drawn?.pan(0, STEP_PX),
    ArrowDown: () => drawn?.pan(0, -STEP_PX),
    "+": () => drawn?.zoom(1.25),
    "=": () => drawn?.zoom(1.25),
    "-": () => drawn?.zoom(0.8),
    "0": () => drawn?.fit(),
  };
  return actions[key];
}

interface ToolProps {
  readonly icon: "plus" | "minus" | "fit";
  readonly label: string;
  readonly act: () => void;
}

function Tool({ icon, label, act }: ToolProps) {
  return (
    <button type="button" class="button icon-only" onClick={act} aria-label={label} title={label}>
      <Icon name={icon} />
    </button>
  );
}
