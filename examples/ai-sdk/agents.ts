import { isStepCount, ToolLoopAgent, tool } from "ai";
import { z } from "zod";
import type { Models } from "./models.ts";

const search = tool({
  description: "Searches the encyclopedia.",
  inputSchema: z.object({ query: z.string() }),
  execute: async ({ query }) => `Page about ${query}: otters hold hands.`,
});

/** An agent that has another agent for a tool. Each has its name from `functionId`. */
export function makeEditor({ editor, researcher }: Models) {
  const research = new ToolLoopAgent({
    model: researcher,
    tools: { search },
    stopWhen: isStepCount(4),
    telemetry: { functionId: "researcher" },
  });
  const askResearcher = tool({
    description: "Asks the researcher.",
    inputSchema: z.object({ question: z.string() }),
    execute: async ({ question }) => (await research.generate({ prompt: question })).text,
  });
  return new ToolLoopAgent({
    model: editor,
    tools: { ask_researcher: askResearcher },
    stopWhen: isStepCount(4),
    telemetry: { functionId: "editor" },
  });
}
