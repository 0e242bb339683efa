// The REST surface in an Express application: `node examples/rest/express.ts`
import { agentsRouter, nodeHandler } from "agent-otel/server";
import express from "express";
import { operatorToken, work } from "./agents.ts";
import { listening, port } from "./port.ts";

const router = agentsRouter(operatorToken === undefined ? {} : { tokens: { operate: operatorToken } });

const app = express();
app.use(express.json());
app.get("/", (_, response) => response.send("the application"));
app.use("/api/agents", nodeHandler(router));

await work();
const server = app.listen(port, "127.0.0.1", () => listening(server.address()));
