import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { healthHandler, nodeHandler, type Readiness, readyHandler } from "agent-otel";
import { type Refusal, refusalOf } from "./refusal.ts";
import { BodyError, readTask } from "./task-body.ts";

export interface ServerParts {
  run(task: string, signal: AbortSignal): Promise<string>;
  /** Aborted when the process is to end. */
  readonly stopping: AbortSignal;
  /** Aborted when tasks may take no longer. */
  readonly giveUp: AbortSignal;
  readonly readiness: Pick<Readiness, "check">;
}

/** `GET /health`, `GET /ready`, `POST /run`. */
export function makeServer(parts: ServerParts): Server {
  const health = nodeHandler(healthHandler());
  const ready = nodeHandler(readyHandler(parts.readiness));
  const server = createServer((request, response) => {
    switch (request.url?.split("?")[0]) {
      case "/health":
        return health(request, response);
      case "/ready":
        if (parts.stopping.aborted) return send(response, 503, { status: "stopping" });
        return ready(request, response);
      case "/run":
        if (request.method !== "POST") return send(response, 405, { error: "POST it" }, { allow: "POST" });
        void answerTask(parts, request, response);
        return;
      default:
        return send(response, 404, { error: "there are /health, /ready and /run" });
    }
  });
  server.requestTimeout = 30_000;
  return server;
}

async function answerTask(
  parts: ServerParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (parts.stopping.aborted) return refuse(response, { status: 503, code: "stopping", message: "stopping" });
  const gone = new AbortController();
  response.once("close", () => gone.abort(new Error("the caller has gone")));
  try {
    const task = await readTask(request);
    send(response, 200, { result: await parts.run(task, AbortSignal.any([gone.signal, parts.giveUp])) });
  } catch (error) {
    if (response.destroyed) return;
    if (error instanceof BodyError)
      refuse(response, { status: error.status, code: "bad_request", message: error.message });
    else refuse(response, refusalOf(error, Date.now()));
  }
}

function refuse(response: ServerResponse, { status, code, message, retryAfter }: Refusal): void {
  send(
    response,
    status,
    { error: code, message },
    retryAfter === undefined ? {} : { "retry-after": `${retryAfter}` },
  );
}

function send(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = JSON.stringify(body);
  // What was not read of a refused body must not be taken for the next request.
  const close = status >= 400 ? { connection: "close" } : {};
  response.writeHead(status, {
    "content-type": "application/json",
    "cache-control": "no-store",
    ...close,
    ...headers,
  });
  response.end(text);
}
