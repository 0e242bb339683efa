// An agent that uses the tool of another process. One trace: node --import agent-otel/register examples/mcp/main.ts
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { getDefaultEnvironment, StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { agent } from "agent-otel";
import { traceMcp } from "agent-otel/mcp";

const telemetry = Object.entries(process.env).filter(([name]) => /^(OTEL|AGENT_OTEL)_/.test(name));
const transport = new StdioClientTransport({
  command: process.execPath,
  args: ["--import", "agent-otel/register", fileURLToPath(new URL("server.ts", import.meta.url))],
  // The SDK hands on only a few variables: the server is to send where this program does.
  env: { ...getDefaultEnvironment(), ...(Object.fromEntries(telemetry) as Record<string, string>) },
});
const client = traceMcp(new Client({ name: "desk", version: "1.0.0" }));
await client.connect(transport);

const desk = agent("desk", async (topic: string) => {
  const { content } = await client.callTool({ name: "look_up", arguments: { topic } });
  return JSON.stringify(content);
});
console.log(await desk("otters"));
await client.close();
