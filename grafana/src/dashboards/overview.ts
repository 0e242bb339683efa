import type { Board } from "./board.ts";
import { agentStats } from "./overview/agents-table.ts";
import { firingAlerts } from "./overview/alerts-table.ts";
import { interactionGraph, jaegerGraph } from "./overview/graphs.ts";
import { healthByAgent } from "./overview/health.ts";
import { now } from "./overview/now.ts";
import { trends } from "./overview/trends.ts";
import { agent, app, datasource, jaeger, jaegerUrl } from "./variables.ts";

/** For whoever is called: is something wrong, with which agent, and what does it cost? */
export const overview: Board = {
  name: "overview",
  description:
    "Is something wrong, with which agent, and what does it cost? Click an agent for its own board.",
  variables: [datasource(), jaeger(), jaegerUrl(), app(), agent()],
  rows: [
    { id: 101, title: "Is something wrong now?", panels: now },
    { id: 102, title: "With which agent?", panels: [healthByAgent, agentStats, firingAlerts] },
    { id: 103, title: "Who calls whom, and where does it fail?", panels: [interactionGraph, jaegerGraph] },
    { id: 104, title: "Since when?", panels: trends },
  ],
};
