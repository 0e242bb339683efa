// A server of the Model Context Protocol over stdio: its tool asks an agent, in a process of its own.
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { agent } from "agent-otel";
import { traceMcp } from "agent-otel/mcp";
import { z } from "zod";

const librarian = agent("librarian", async (topic: string) => `three books about ${topic}`);

const server = traceMcp(new McpServer({ name: "library", version: "1.0.0" }));
server.registerTool(
  "look_up",
  { description: "Finds books", inputSchema: { topic: z.string() } },
  async ({ topic }) => ({ content: [{ type: "text", text: await librarian(topic) }] }),
);
await server.connect(new StdioServerTransport());
