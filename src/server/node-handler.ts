import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { AgentsRouter } from "./agents-router.ts";
import { problemAnswer } from "./problem/answers.ts";
import { Refusal } from "./problem/refusal.ts";

/** What frameworks put on a request. */
interface Framed {
  readonly originalUrl?: unknown;
  readonly body?: unknown;
}

/**
 * The router for `http.createServer` and Express: `app.use("/api/agents", nodeHandler(router))`. Where the framework takes the path that it is
 * mounted under away, or has read the body already, as `express.json()` does, they are put back.
 */
export function nodeHandler(
  router: AgentsRouter,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const listener = getRequestListener((request) => router(request), {
    overrideGlobalObjects: false,
    errorHandler: () =>
      problemAnswer(new Refusal("bad_parameter", "the request has no address that can be read")),
  });
  return (request, response) => {
    const { originalUrl, body } = request as Framed;
    if (typeof originalUrl === "string") request.url = originalUrl;
    if (body !== undefined && request.readableEnded)
      Object.assign(request, {
        rawBody: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
      });
    return listener(request, response);
  };
}
