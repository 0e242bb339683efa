import type { Board } from "./board.ts";
import { cardinality } from "./telemetry/cardinality.ts";
import { lost } from "./telemetry/now.ts";
import { pipeline } from "./telemetry/pipeline.ts";
import { programs } from "./telemetry/programs.ts";
import { app, datasource, jaegerUrl } from "./variables.ts";

/** For whoever doubts the other boards: does all of it arrive? */
export const telemetry: Board = {
  name: "telemetry",
  description:
    "Does what the other boards show arrive, and all of it? Programs by application; collector, Jaeger and Prometheus as a whole.",
  variables: [datasource(), jaegerUrl(), app()],
  rows: [
    { id: 101, title: "Is something lost, or somebody silent?", panels: lost },
    { id: 102, title: "Do the programs get rid of their spans?", panels: programs },
    { id: 103, title: "Do the collector and Jaeger keep up?", panels: pipeline },
    { id: 104, title: "Are the series bounded?", panels: cardinality },
  ],
};
