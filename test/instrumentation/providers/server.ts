import { once } from "node:events";
import http from "node:http";
import http2 from "node:http2";
import type { AddressInfo } from "node:net";
import type { Reply } from "./fixtures/reply.ts";

export interface SeenRequest {
  readonly path: string;
  readonly body: string;
}

/** A provider that answers every request with the reply that was set last. */
export interface ReplyServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly SeenRequest[];
  reply: Reply;
  /** Chooses the reply to each request instead. */
  replyTo?: (body: string, path: string) => Reply;
  /** Resolves when a caller went away before its answer was over. */
  readonly left: Promise<void>;
}

/** @param protocol Bedrock's client speaks HTTP/2. */
export async function replyServer(reply: Reply, protocol: "http" | "http2" = "http"): Promise<ReplyServer> {
  const requests: SeenRequest[] = [];
  const left = Promise.withResolvers<void>();
  const state: Pick<ReplyServer, "reply" | "replyTo"> = { reply };
  const sessions = new Set<http2.ServerHttp2Session>();
  const answer = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const seen = { path: request.url ?? "", body: Buffer.concat(parts).toString() };
    requests.push(seen);
    const chosen = state.replyTo?.(seen.body, seen.path) ?? state.reply;
    const { status = 200, type, pieces, hold = false, cut = false } = chosen;
    let over = false;
    response.on("close", () => {
      if (!over) left.resolve();
    });
    response.writeHead(status, { "content-type": type });
    // Each in a turn of its own, so that a client gets them one by one.
    for (const piece of pieces) {
      response.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (hold) return;
    over = true;
    if (cut) response.socket?.destroy();
    else response.end();
  };
  const listener: http.RequestListener = (request, response) =>
    void answer(request, response).catch(() => {});
  // Node's HTTP/2 has the same requests and responses, as far as this needs them.
  const server =
    protocol === "http"
      ? http.createServer(listener)
      : http2.createServer(listener as unknown as Parameters<typeof http2.createServer>[1]);
  server.on("session", (session: http2.ServerHttp2Session) => {
    sessions.add(session);
    session.on("error", () => {});
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    left: left.promise,
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy();
      if ("closeAllConnections" in server) server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
