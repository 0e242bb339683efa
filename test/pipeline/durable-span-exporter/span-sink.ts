import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";

export interface SpanSink extends AsyncDisposable {
  /** The base URL: traces go to `/v1/traces` below it. */
  readonly url: string;
  /** Of the requests, uncompressed. */
  readonly bodies: readonly Uint8Array[];
}

/** A real HTTP server that takes all that it gets. */
export async function spanSink(): Promise<SpanSink> {
  const bodies: Uint8Array[] = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    bodies.push(request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body);
    response.writeHead(200).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
