import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

export interface PeerBackend extends AsyncDisposable {
  readonly url: string;
  /** All bodies so far, as text: names and values can be found in it, in JSON and in protobuf. */
  sent(): string;
}

/** Takes whatever is sent to it, as the peer's back end would. */
export async function peerBackend(): Promise<PeerBackend> {
  const bodies: Buffer[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    bodies.push(request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body);
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent: () => Buffer.concat(bodies).toString("latin1"),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
