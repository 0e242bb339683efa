import { calls } from "./agent/calls.ts";
import { failures } from "./agent/failures.ts";
import { modelUse } from "./agent/models.ts";
import { condition } from "./agent/now.ts";
import type { Board } from "./board.ts";
import { app, datasource, jaegerUrl, oneAgent } from "./variables.ts";

/** For whoever knows which agent it is: how does it do, what does it use, and why does it fail? */
export const agentBoard: Board = {
  name: "agent",
  description: "How does this agent do, what does it use, and why does it fail?",
  variables: [datasource(), jaegerUrl(), app(), oneAgent()],
  rows: [
    { id: 101, title: "How is it now?", panels: condition },
    { id: 102, title: "How many runs, how many fail, how long do they take?", panels: calls },
    { id: 103, title: "What does it ask of models?", panels: modelUse },
    { id: 104, title: "Why does it fail, and who is with it?", panels: failures },
  ],
};
