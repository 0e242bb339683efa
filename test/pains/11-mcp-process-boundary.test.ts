import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { expect, it } from "vitest";
import { traceMcp } from "../../src/frameworks/mcp/index.ts";
import { agent } from "../../src/index.ts";
import { watch } from "../agent/support.ts";
import { temporaryFolder } from "../temporary-folder.ts";

// An agent that calls a tool of another process makes two traces that know nothing of each other: nothing crosses the boundary.

const told = watch();
const SERVER = fileURLToPath(new URL("fixtures/mcp-server.ts", import.meta.url));

/** One call of a tool in a server process, by an agent. @returns the trace ids of both sides. */
async function callTool({
  traced,
}: {
  readonly traced: boolean;
}): Promise<{ readonly here: string; readonly there: readonly string[] }> {
  const traceFile = join(await temporaryFolder(), "server.jsonl");
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: traced ? [SERVER, "traced"] : [SERVER],
    env: {
      AGENT_OTEL_TRACE_FILE: traceFile,
      OTEL_TRACES_EXPORTER: "none",
      OTEL_METRICS_EXPORTER: "none",
      AGENT_OTEL_LOG: "none",
    },
  });
  const client = new Client({ name: "desk", version: "1.0.0" });
  if (traced) traceMcp(client);
  await client.connect(transport);
  const result = await agent("desk", () => client.callTool({ name: "look_up" }))();
  await client.close();
  expect(result.content).toEqual([{ type: "text", text: "all about otters" }]);
  const spans = await readFile(traceFile, "utf8");
  return {
    here: told.spans.get("invoke_agent desk").traceId,
    there: [...spans.matchAll(/"traceId":"([0-9a-f]{32})"/g)].map(([, id]) => id!),
  };
}

it("with agent-otel/mcp on both sides the agent in the server is in the trace of the one that called its tool", async () => {
  const { here, there } = await callTool({ traced: true });
  expect(there.length).toBeGreaterThan(0);
  expect(new Set(there)).toContain(here);
});

it("would be seen to break: without it the two sides are two traces", async () => {
  const { here, there } = await callTool({ traced: false });
  expect(there.length).toBeGreaterThan(0);
  expect(there).not.toContain(here);
});
