// Two prebuilt agents, a handoff between them, and a node that streams, in one LangGraph graph. Nothing in these files sends telemetry: the
// import on the command line does, `node --import agent-otel/register main.ts`.
import { CallbackManager } from "@langchain/core/callbacks/manager";
import { traceLangChain } from "agent-otel/langchain";
import { makeDesk } from "./desk.ts";
import { openProvider } from "./provider.ts";

traceLangChain({ CallbackManager });

await using provider = await openProvider();
const desk = makeDesk(provider.model);

const question = { messages: [{ role: "user", content: "Why was Otter Ltd charged twice?" }] };
for await (const [message, { langgraph_node }] of await desk.stream(question, { streamMode: "messages" })) {
  if (langgraph_node === "writer") process.stdout.write(message.text);
}
process.stdout.write("\n");
