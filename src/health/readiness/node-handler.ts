import type { IncomingMessage, ServerResponse } from "node:http";
import { reportFailure } from "../../internal/warn-once.ts";
import type { FetchHandler } from "./handlers.ts";

/** A fetch handler that reads no body, for `node:http`, Express and what else has `(request, response)`. */
export function nodeHandler(
  handler: FetchHandler,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    // Whatever is asked for: where it is mounted has decided that.
    void answered(handler, request.method ?? "GET", response).catch((error: unknown) => {
      reportFailure("answering a probe", error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
    request.resume();
  };
}

async function answered(handler: FetchHandler, method: string, response: ServerResponse): Promise<void> {
  const isRead = method === "GET" || method === "HEAD";
  // A Request knows no TRACE and no CONNECT, and all others than these two are refused alike.
  const answer = await handler(new Request("http://localhost/", { method: isRead ? method : "POST" }));
  const body = Buffer.from(await answer.arrayBuffer());
  response.writeHead(answer.status, {
    ...Object.fromEntries(answer.headers),
    ...(method !== "HEAD" && { "content-length": String(body.length) }),
  });
  response.end(body);
}
