import type { GeneratedFile } from "../generated-file.ts";
import { agentBoard } from "./agent.ts";
import { type Board, dashboard } from "./board.ts";
import { cost } from "./cost.ts";
import { overview } from "./overview.ts";
import { resilience } from "./resilience.ts";
import { telemetry } from "./telemetry.ts";
import { BOARDS } from "./uids.ts";

/** In the order of their links. */
export const boards: readonly Board[] = [overview, agentBoard, cost, resilience, telemetry];

/** Every dashboard as JSON that Grafana provisions. */
export const dashboardFiles = (): readonly GeneratedFile[] =>
  boards.map((board) => [
    `grafana/dashboards/${BOARDS[board.name].uid}.json`,
    `${JSON.stringify(dashboard(board), null, 2)}\n`,
  ]);
