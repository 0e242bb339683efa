import { z } from "zod";
import { describeFramework } from "../../frameworks/support/describe-framework.ts";
import { BILLING, CLAUDE, type Scene, SEARCH, TRIAGE } from "../../frameworks/support/scene.ts";
import { ClaudeDesk, type Query, RETRIES, read, sdk } from "./claude-desk.ts";

async function play(
  { provider }: Scene,
  ask: (desk: ClaudeDesk) => Query = (desk) => desk.query(),
  reading: (query: Query) => Promise<unknown> = read,
): Promise<void> {
  const desk = new ClaudeDesk(provider);
  try {
    await reading(ask(desk));
  } finally {
    await desk.close();
  }
}

/** With a tool that runs in this process. */
function searches(desk: ClaudeDesk): Query {
  const text = "Otters hold hands.";
  const search = sdk.tool(SEARCH, "Finds pages.", { query: z.string() }, async () => ({
    content: [{ type: "text", text }],
  }));
  const server = sdk.createSdkMcpServer({ name: "desk", tools: [search], alwaysLoad: true });
  return desk.query({ mcpServers: { desk: server } });
}

describeFramework("Claude Agent SDK", {
  model: CLAUDE,
  provider: "anthropic",
  toolName: `mcp__desk__${SEARCH}`,
  delegate: {
    name: "Agent",
    arguments: {
      subagent_type: BILLING,
      description: "look",
      prompt: "Charged twice?",
      run_in_background: false,
    },
  },
  // A refused request (400) the CLI sends again in other forms, how many depends on its version. How often it repeats this one is set.
  failure: { status: 500, retries: RETRIES },
  plays: {
    plain: (scene) => play(scene),
    stream: (scene) => play(scene),
    error: (scene) => play(scene),
    tool: (scene) => play(scene, searches),
    handoff: (scene) => play(scene, (desk) => desk.query({}, "Why was I charged?", { name: TRIAGE })),
    abort(scene) {
      const options = { abortController: scene.abort, includePartialMessages: true };
      return play(
        scene,
        (desk) => desk.query(options),
        async (query) => {
          for await (const { type } of query) if (type === "stream_event") scene.abort.abort();
        },
      );
    },
  },
});
