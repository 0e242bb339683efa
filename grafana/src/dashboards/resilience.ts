import type { Board } from "./board.ts";
import { breakers } from "./resilience/breakers.ts";
import { limits } from "./resilience/limits.ts";
import { state } from "./resilience/now.ts";
import { trouble } from "./resilience/trouble.ts";
import { work } from "./resilience/work.ts";
import { app, datasource, jaegerUrl } from "./variables.ts";

/** For whoever keeps it running: what is held back, what waits, what was lost, and what answered instead? */
export const resilience: Board = {
  name: "resilience",
  description:
    "What is held back, what waits, what was lost, and what answered instead? Breakers, limits, queues and letters are of an application and not of an agent.",
  variables: [datasource(), jaegerUrl(), app()],
  rows: [
    { id: 101, title: "Is something held back or lost now?", panels: state },
    { id: 102, title: "Which dependency fails?", panels: breakers },
    { id: 103, title: "What is refused, what waits, and what answers instead?", panels: limits },
    { id: 104, title: "Does the work get done?", panels: work },
    { id: 105, title: "What was given up, and what holds it up?", panels: trouble },
  ],
};
