import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { EARLY_EVENTS, type Wire, wireOf } from "./wire.ts";

/**
 * What the server does, as the first part of the request's path says: the whole answer; no answer; only the head of it; its
 * beginning; the beginning and then, when released, a broken connection; the beginning and an error event; a refusal. What waits
 * goes on when released.
 */
export type Behaviour = "all" | "silent" | "head" | "begin" | "cut" | "fail" | "refuse";

/** One request, as the server saw it. */
export interface Exchange {
  readonly model: string;
  /** Without what differs from run to run, and without the usage option of streams. */
  readonly request: object;
  /** Whether the client went away before the answer's end; known when `closed` is. */
  cancelled: boolean;
  readonly closed: Promise<void>;
  /** Lets a waiting answer go on to its end. */
  readonly release: () => void;
}

export interface Server {
  readonly url: string;
  /** The exchanges of one case so far. */
  of(model: string): readonly Exchange[];
  /** When the first request of a case has come and its answer is as far as it goes by itself. */
  reached(model: string): Promise<void>;
  close(): Promise<void>;
}

export async function startServer(): Promise<Server> {
  const exchanges: Exchange[] = [];
  const arrivals = new Map<string, PromiseWithResolvers<void>>();
  const arrival = (model: string): PromiseWithResolvers<void> => {
    const known = arrivals.get(model) ?? Promise.withResolvers<void>();
    arrivals.set(model, known);
    return known;
  };
  const server = createServer({ keepAliveTimeout: 1_000 }, (request, response) => {
    void (async () => {
      const body = JSON.parse(await textOf(request)) as Record<string, unknown>;
      const { exchange, released } = watched(request, response, body);
      exchanges.push(exchange);
      await answer(request, response, body, async () => {
        arrival(exchange.model).resolve();
        await released;
      });
      arrival(exchange.model).resolve();
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    of: (model) => exchanges.filter((exchange) => exchange.model === model),
    reached: (model) => arrival(model).promise,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const piece of request.setEncoding("utf8")) text += piece;
  return text;
}

function watched(
  { headers, url }: IncomingMessage,
  response: ServerResponse,
  body: Record<string, unknown>,
): { readonly exchange: Exchange; readonly released: Promise<void> } {
  const { host: _host, "content-length": _length, ...sent } = headers;
  const { stream_options: _options, ...asked } = body;
  const released = Promise.withResolvers<void>();
  const closed = once(response, "close").then(() => {
    exchange.cancelled = !response.writableFinished;
    released.resolve();
  });
  const exchange: Exchange = {
    model: String(body["model"]),
    request: { url, headers: sent, body: asked },
    cancelled: false,
    closed,
    release: released.resolve,
  };
  return { exchange, released: released.promise };
}

async function answer(
  { url = "" }: IncomingMessage,
  response: ServerResponse,
  body: Record<string, unknown>,
  wait: () => Promise<void>,
): Promise<void> {
  const behaviour = url.split("/")[1] as Behaviour;
  const wire = wireOf(url);
  response.sendDate = false;
  if (behaviour === "silent") await wait();
  if (behaviour === "refuse") {
    const refusal = JSON.stringify({
      type: "error",
      error: { type: "invalid_request_error", message: "no" },
    });
    response.writeHead(400, { "content-type": "application/json", "x-request-id": "req_1" }).end(refusal);
    return;
  }
  const streamed = body["stream"] === true;
  const type = streamed ? "text/event-stream" : "application/json";
  response.writeHead(200, { "content-type": type, "x-request-id": "req_1", "request-id": "req_1" });
  response.flushHeaders();
  if (behaviour === "head") await wait();
  const [begin, rest] = pieces(wire, body, streamed);
  for (const piece of begin) await written(response, piece);
  if (behaviour === "begin") await wait();
  if (behaviour === "fail") {
    response.end(wire.failure);
    return;
  }
  if (behaviour === "cut") {
    await wait();
    response.destroy();
    return;
  }
  response.end(rest.join(""));
}

function pieces(
  wire: Wire,
  body: Record<string, unknown>,
  streamed: boolean,
): readonly [readonly string[], readonly string[]] {
  if (streamed) {
    const events = wire.events(body);
    return [events.slice(0, EARLY_EVENTS), events.slice(EARLY_EVENTS)];
  }
  const json = JSON.stringify(wire.plain);
  return [[json.slice(0, 20)], [json.slice(20)]];
}

/** Waits until it is on its way, so that a connection cut after it takes nothing back. */
function written(response: ServerResponse, piece: string): Promise<void> {
  return new Promise((resolve) => {
    response.write(piece, () => resolve());
  });
}
