// The REST surface on Node's own HTTP server: `node examples/rest/node.ts`
import { createServer } from "node:http";
import { agentsRouter, nodeHandler } from "agent-otel/server";
import { operatorToken, work } from "./agents.ts";
import { listening, port } from "./port.ts";

const agents = nodeHandler(
  agentsRouter(operatorToken === undefined ? {} : { tokens: { operate: operatorToken } }),
);

const server = createServer((request, response) => {
  if (request.url?.startsWith("/api/agents/")) return void agents(request, response);
  response.end("the application");
});

await work();
server.listen(port, "127.0.0.1", () => listening(server.address()));
