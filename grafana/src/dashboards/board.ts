import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type Panel,
  RowBuilder,
  type RowPanel,
  type VariableModel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { SizedPanel } from "../panels/panel.ts";
import { alertAnnotations } from "./annotations.ts";
import { boardLinks } from "./links.ts";
import { BOARDS, type BoardName } from "./uids.ts";

/** Panels that answer one question, from left to right, the worst first. */
export interface Row {
  /** As ids of panels. */
  readonly id: number;
  /** The question. */
  readonly title: string;
  readonly panels: readonly SizedPanel[];
}

export interface Board {
  readonly name: BoardName;
  readonly description: string;
  readonly variables: readonly Builder<VariableModel>[];
  readonly rows: readonly Row[];
}

const GRID = 24;

/** In the classic schema, which Grafana 11 to 13 read. @throws Error where panels leave a gap or overlap. */
export function dashboard({ name, description, variables, rows }: Board): Dashboard {
  const { uid, title } = BOARDS[name];
  const built = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(["agent-otel"])
    .readonly()
    .timezone("browser")
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: "now-1h", to: "now" })
    .refresh("30s")
    .build();
  return {
    ...built,
    templating: { list: variables.map(variable) },
    annotations: { list: [...alertAnnotations()] },
    links: [...boardLinks(name)],
    panels: place(rows),
  };
}

/** Without what the SDK gives to every kind of variable, and only intervals have. */
function variable(builder: Builder<VariableModel>): VariableModel {
  const { auto: _auto, auto_min: _min, auto_count: _count, ...kept } = builder.build();
  return kept;
}

function place(rows: readonly Row[]): (Panel | RowPanel)[] {
  const placed: (Panel | RowPanel)[] = [];
  let y = 0;
  for (const { id, title, panels } of rows) {
    const header = new RowBuilder(title).id(id).gridPos({ x: 0, y, w: GRID, h: 1 }).build();
    placed.push(header);
    y += 1;
    for (const line of lines(title, panels)) {
      let x = 0;
      for (const { panel, width, height } of line) {
        placed.push({ ...panel, gridPos: { x, y, w: width, h: height } });
        x += width;
      }
      y += line[0]!.height;
    }
  }
  return placed;
}

/** As many panels as fill the width of the board, all of one height. */
function lines(row: string, panels: readonly SizedPanel[]): readonly (readonly SizedPanel[])[] {
  const all: SizedPanel[][] = [];
  let filled = GRID;
  for (const sized of panels) {
    if (filled === GRID) {
      all.push([]);
      filled = 0;
    }
    const line = all.at(-1)!;
    if (line[0] !== undefined && line[0].height !== sized.height) {
      throw new Error(`${row}: ${sized.panel.title} must be as high as the panel beside it`);
    }
    line.push(sized);
    filled += sized.width;
    if (filled > GRID) throw new Error(`${row}: ${sized.panel.title} goes beyond the board`);
  }
  if (filled !== GRID) throw new Error(`${row}: the last line leaves a gap`);
  return all;
}
