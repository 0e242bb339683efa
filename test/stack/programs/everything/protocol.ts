import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { traceMcp } from "agent-otel/mcp";

/**
 * Requests of the Model Context Protocol, outside of any agent: some that are answered, and one for a prompt that there is not.
 *
 * @param more What else is to be asked of the server.
 */
export async function useProtocol(
  more: (client: Client) => Promise<unknown> = async () => {},
): Promise<void> {
  const server = new McpServer({ name: "library", version: "1.0.0" });
  server.registerPrompt("greeting", {}, () => ({ messages: [] }));
  server.registerTool("shelve", {}, async () => ({ content: [] }));
  server.registerResource("shelf", "books://shelf", {}, () => ({ contents: [] }));
  const client = new Client({ name: "desk", version: "1.0.0" });
  const [here, there] = InMemoryTransport.createLinkedPair();
  await traceMcp(server).connect(there);
  await traceMcp(client).connect(here);
  await client.getPrompt({ name: "greeting" });
  await client.readResource({ uri: "books://shelf" });
  await client.getPrompt({ name: "unknown" }).catch(() => {});
  await more(client);
  await client.close();
}
