// The REST surface in a Hono application: `node examples/rest/hono.ts`
import { serve } from "@hono/node-server";
import { agentsRouter } from "agent-otel/server";
import { Hono } from "hono";
import { operatorToken, work } from "./agents.ts";
import { listening, port } from "./port.ts";

const router = agentsRouter(operatorToken === undefined ? {} : { tokens: { operate: operatorToken } });

const app = new Hono();
app.get("/", (c) => c.text("the application"));
app.all("/api/agents/*", (c) => router(c.req.raw));

await work();
serve({ fetch: app.fetch, port, hostname: "127.0.0.1" }, listening);
