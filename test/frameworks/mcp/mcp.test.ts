import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as client2 from "@modelcontextprotocol/client";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { CreateMessageRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import * as server2 from "@modelcontextprotocol/server";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { traceMcp } from "../../../src/frameworks/mcp/index.ts";
import { agent, limits, tool } from "../../../src/index.ts";
import { metricSources } from "../../../src/telemetry/metric-sources.ts";
import type { TraceSpan } from "../../../src/telemetry/trace-span.ts";
import { watch } from "../../agent/support.ts";

const librarian = agent("librarian", async (topic: string) => `all about ${topic}`);

/** A server with a tool that asks an agent, one that fails, and a prompt and a resource. */
function library(): McpServer {
  const server = new McpServer({ name: "library", version: "1.0.0" });
  server.registerTool("look_up", { inputSchema: { topic: z.string() } }, async ({ topic }) => ({
    content: [{ type: "text", text: await librarian(topic) }],
  }));
  server.registerTool("fail", {}, async () => ({ content: [], isError: true }));
  server.registerTool("never", {}, () => new Promise<never>(() => {}));
  server.registerPrompt("greeting", {}, () => ({
    messages: [{ role: "user", content: { type: "text", text: "secret-greeting" } }],
  }));
  server.registerResource("shelf", "books://shelf", {}, () => ({
    contents: [{ uri: "books://shelf", text: "secret-book" }],
  }));
  return server;
}

const lookUp = { name: "look_up", arguments: { topic: "otters" } };
const of = (told: ReturnType<typeof watch>, name: string, kind: number): TraceSpan =>
  told.spans.spans.find((span) => span.name === name && span.kind === kind)!;
/** As the API numbers them. */
const [SERVER, CLIENT] = [1, 2];

describe("the Model Context Protocol in memory, SDK 1.x", () => {
  const told = watch();

  async function connected(server = library()): Promise<Client> {
    const [here, there] = InMemoryTransport.createLinkedPair();
    const client = new Client({ name: "desk", version: "1.0.0" }, { capabilities: { sampling: {} } });
    await traceMcp(server).connect(there);
    await traceMcp(client).connect(here);
    told.spans.reset();
    onTestFinished(() => client.close());
    return client;
  }

  it("is one trace: agent, request, answer, and the agent that the tool asks", async () => {
    const client = await connected();
    await agent("desk", () => client.callTool(lookUp))();
    const sent = of(told, "tools/call look_up", CLIENT);
    const answered = of(told, "tools/call look_up", SERVER);
    expect(told.spans.parentOf(sent)?.name).toBe("invoke_agent desk");
    expect(answered.parentSpanId).toBe(sent.spanId);
    expect(told.spans.parentOf(told.spans.get("invoke_agent librarian"))).toBe(answered);
  });

  it("counts a call of a tool once, for the agent that made it", async () => {
    const client = await connected();
    await agent("desk", () => client.callTool(lookUp))();
    const calls = told.records.filter(({ operation }) => operation === "execute_tool");
    expect(calls).toMatchObject([{ tool: "look_up", agent: "desk" }]);
  });

  it("says which method, tool and request it was", async () => {
    const client = await connected();
    await client.callTool(lookUp);
    expect(of(told, "tools/call look_up", CLIENT).attributes).toMatchObject({
      "mcp.method.name": "tools/call",
      "gen_ai.tool.name": "look_up",
      "gen_ai.operation.name": "execute_tool",
      "jsonrpc.request.id": expect.any(String),
      "mcp.protocol.version": expect.any(String),
    });
  });

  it("names prompts and resources, and never what is in them", async () => {
    const client = await connected();
    await client.getPrompt({ name: "greeting" });
    await client.readResource({ uri: "books://shelf" });
    expect(of(told, "prompts/get greeting", CLIENT).attributes["gen_ai.prompt.name"]).toBe("greeting");
    expect(of(told, "resources/read", CLIENT).attributes["mcp.resource.uri"]).toBe("books://shelf");
    expect(
      JSON.stringify(told.spans.spans.map(({ attributes, events }) => [attributes, String(events)])),
    ).not.toContain("secret");
  });

  it("tells a tool that failed from one that answered", async () => {
    const client = await connected();
    await client.callTool({ name: "fail" });
    expect(of(told, "tools/call fail", CLIENT).attributes["error.type"]).toBe("tool_error");
    expect(of(told, "tools/call fail", SERVER).attributes["error.type"]).toBe("tool_error");
  });

  it("has the code of an error of the protocol", async () => {
    const client = await connected();
    await expect(client.getPrompt({ name: "unknown" })).rejects.toThrow();
    expect(of(told, "prompts/get unknown", CLIENT).attributes).toMatchObject({
      "error.type": "-32602",
      "rpc.response.status_code": "-32602",
    });
  });

  it("ends a request that was given up, on both sides", async () => {
    const client = await connected();
    const abort = new AbortController();
    const call = client.callTool({ name: "never" }, undefined, { signal: abort.signal });
    await expect.poll(() => told.spans.open.filter((name) => name === "tools/call never")).toHaveLength(2);
    abort.abort();
    await expect(call).rejects.toThrow();
    await expect.poll(() => told.spans.open).toEqual([]);
    expect(of(told, "tools/call never", CLIENT).attributes["error.type"]).toBe("cancelled");
  });

  it("ends what is open when the connection closes", async () => {
    const client = await connected();
    const call = client.callTool({ name: "never" });
    await expect.poll(() => told.spans.open).toHaveLength(2);
    await client.close();
    await expect(call).rejects.toThrow();
    expect(told.spans.open).toEqual([]);
  });

  it("is the call of a tool that is there already", async () => {
    const client = await connected();
    const wrapped = tool("look_up", () => client.callTool(lookUp));
    await agent("desk", wrapped)();
    const outer = told.spans.get("execute_tool look_up");
    expect(outer.attributes["mcp.method.name"]).toBe("tools/call");
    expect(of(told, "tools/call look_up", SERVER).parentSpanId).toBe(outer.spanId);
    expect(told.records.filter(({ operation }) => operation === "execute_tool")).toHaveLength(1);
  });

  it("is bound by the limits of the run", async () => {
    const client = await connected();
    const twice = agent("desk", async () => {
      await client.callTool(lookUp);
      await client.callTool(lookUp);
    });
    await expect(limits({ toolCalls: 1 }, () => twice())).rejects.toMatchObject({ code: "limit_exceeded" });
    expect(told.spans.all(/^tools\/call/)).toHaveLength(2);
  });

  it("sees what a server asks of its client", async () => {
    const server = library();
    server.registerTool("think", {}, async () => {
      const answer = await server.server.createMessage({ messages: [], maxTokens: 10 });
      return { content: [{ type: "text", text: JSON.stringify(answer.content) }] };
    });
    const client = await connected(server);
    client.setRequestHandler(CreateMessageRequestSchema, async () => ({
      model: "gpt-4o-mini",
      role: "assistant",
      content: { type: "text", text: "hm" },
    }));
    await client.callTool({ name: "think" });
    const asked = of(told, "sampling/createMessage", CLIENT);
    expect(told.spans.parentOf(asked)).toBe(of(told, "tools/call think", SERVER));
    expect(of(told, "sampling/createMessage", SERVER).parentSpanId).toBe(asked.spanId);
  });

  it("counts how long requests and sessions took", async () => {
    const client = await connected();
    await client.callTool(lookUp);
    await client.close();
    const names = metricSources.collect().map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        "mcp.client.operation.duration",
        "mcp.server.operation.duration",
        "mcp.client.session.duration",
        "mcp.server.session.duration",
      ]),
    );
  });

  it("has one class of an error, on the span and in the metric", async () => {
    class PipeBrokenError extends Error {}
    const [here, there] = InMemoryTransport.createLinkedPair();
    const send = here.send.bind(here);
    here.send = (message, options) =>
      "method" in message && message.method === "tools/list"
        ? Promise.reject(new PipeBrokenError("gone"))
        : send(message, options);
    await library().connect(there);
    const client = traceMcp(new Client({ name: "desk", version: "1.0.0" }));
    await client.connect(here);
    await expect(client.listTools()).rejects.toThrow("gone");
    await client.close();
    expect(of(told, "tools/list", CLIENT).attributes["error.type"]).toBe("PipeBrokenError");
    const metric = metricSources.collect().find(({ name }) => name === "mcp.client.operation.duration");
    const classes = metric?.points.map(({ attributes }) => attributes["error.type"]);
    expect(classes).toContain("PipeBrokenError");
  });

  it("keeps a context that the program has put into the request itself", async () => {
    const client = await connected();
    const traceparent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
    await client.callTool({ ...lookUp, _meta: { traceparent } });
    expect(of(told, "tools/call look_up", SERVER).traceId).toBe("a".repeat(32));
  });

  it("does the same once, however often it is asked", async () => {
    const [here, there] = InMemoryTransport.createLinkedPair();
    await traceMcp(traceMcp(library())).connect(there);
    const client = traceMcp(traceMcp(new Client({ name: "desk", version: "1.0.0" })));
    await client.connect(here);
    await client.callTool(lookUp);
    expect(told.spans.all("tools/call look_up")).toHaveLength(2);
    await client.close();
  });

  it("refuses what is no peer", () => {
    expect(() => traceMcp({} as never)).toThrow("traceMcp: peer.connect");
    expect(() => traceMcp(library(), { trust: "yes" as never })).toThrow(
      "traceMcp: trust must be true or false, got yes",
    );
  });
});

describe("the Model Context Protocol in memory, SDK 2.x", () => {
  const told = watch();

  it("is one trace too", async () => {
    const server = new server2.McpServer({ name: "library", version: "1.0.0" });
    server.registerTool("look_up", { inputSchema: z.object({ topic: z.string() }) }, async ({ topic }) => ({
      content: [{ type: "text", text: await librarian(topic) }],
    }));
    const [here, there] = client2.InMemoryTransport.createLinkedPair();
    const client = new client2.Client({ name: "desk", version: "1.0.0" });
    await traceMcp(server).connect(there);
    await traceMcp(client).connect(here);
    await agent("desk", () => client.callTool(lookUp))();
    await client.close();
    const sent = of(told, "tools/call look_up", CLIENT);
    const answered = of(told, "tools/call look_up", SERVER);
    expect(answered.parentSpanId).toBe(sent.spanId);
    expect(told.spans.get("invoke_agent librarian").traceId).toBe(sent.traceId);
  });
});

describe("the Model Context Protocol over HTTP", () => {
  const told = watch();
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });

  async function served(options?: Parameters<typeof traceMcp>[1]): Promise<Client> {
    const http = createServer(async (request, response) => {
      const server = traceMcp(library(), options);
      const transport = new StreamableHTTPServerTransport({});
      await server.connect(transport as never);
      await transport.handleRequest(request, response);
    });
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    closing.push(
      () => http.close(),
      () => http.closeAllConnections(),
    );
    const url = new URL(`http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`);
    const client = traceMcp(new Client({ name: "desk", version: "1.0.0" }));
    await client.connect(new StreamableHTTPClientTransport(url) as never);
    closing.push(() => client.close());
    return client;
  }

  it("does not take strangers for parents", async () => {
    const client = await served();
    await client.callTool(lookUp);
    const answered = of(told, "tools/call look_up", SERVER);
    expect(answered.parentSpanId).not.toBe(of(told, "tools/call look_up", CLIENT).spanId);
  });

  it("is one trace where the server trusts its clients", async () => {
    const client = await served({ trust: true });
    await client.callTool(lookUp);
    const answered = of(told, "tools/call look_up", SERVER);
    expect(answered.parentSpanId).toBe(of(told, "tools/call look_up", CLIENT).spanId);
    expect(answered.attributes["network.transport"]).toBe("tcp");
  });
});
