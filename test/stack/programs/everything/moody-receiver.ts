import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What becomes of one request. `lost`: it is refused for good. `partly`: it is taken, and said to be taken in part. */
type Mood = "taken" | "busy" | "partly" | "lost";

export interface MoodyReceiver {
  readonly url: string;
  close(): void;
}

/** `ExportTracePartialSuccess` with one rejected span: field 1, of length 2, its field 1 is 1. */
const ONE_REJECTED = Buffer.from([0x0a, 0x02, 0x08, 0x01]);

/**
 * A receiver of spans in front of a real one, with a mood for each request; after the last one it is busy for good.
 *
 * @param collector Gets what is taken.
 */
export async function moodyReceiver(collector: string, moods: readonly Mood[]): Promise<MoodyReceiver> {
  let asked = 0;
  const server = createServer((request, response) => {
    void answer(request, response, collector, moods[asked++] ?? "busy");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  collector: string,
  mood: Mood,
): Promise<void> {
  const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
  if (mood === "busy" || mood === "lost") {
    response.writeHead(mood === "busy" ? 503 : 400).end();
    return;
  }
  const { "content-type": type = "", "content-encoding": encoding } = request.headers;
  const headers = { "content-type": type, ...(encoding !== undefined && { "content-encoding": encoding }) };
  const taken = await fetch(`${collector}/v1/traces`, { method: "POST", headers, body });
  await taken.arrayBuffer();
  response.writeHead(taken.status, { "content-type": "application/x-protobuf" });
  response.end(mood === "partly" ? ONE_REJECTED : undefined);
}
