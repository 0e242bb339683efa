import http, { type IncomingHttpHeaders } from "node:http";
import http2 from "node:http2";
import https from "node:https";
import type { AddressInfo, Server } from "node:net";
import net from "node:net";
import tls from "node:tls";

/** TLS without a certificate: both sides know a key. */
const PSK = { ciphers: "PSK-AES128-GCM-SHA256", maxVersion: "TLSv1.2" } as const;
const SECRET = Buffer.alloc(16, 7);

/** Loopback servers that answer with the headers they got; `/to?<url>` is a redirect to it. */
export interface RecordingServers {
  readonly http: number;
  readonly https: number;
  readonly http2: number;
  stop(): Promise<void>;
}

export async function startRecordingServers(): Promise<RecordingServers> {
  const servers = [
    http.createServer({ requireHostHeader: false }, answer),
    https.createServer({ ...PSK, pskCallback: () => SECRET }, answer),
    http2.createServer((request, response) => {
      const { ":authority": authority, ...rest } = request.headers;
      response.end(JSON.stringify({ ...rest, host: rest["host"] ?? authority }));
    }),
  ];
  const [plain, secure, second] = await Promise.all(servers.map(listen));
  return {
    http: plain!,
    https: secure!,
    http2: second!,
    stop: async () => {
      await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
    },
  };
}

function answer(
  request: { readonly url?: string | undefined; readonly headers: IncomingHttpHeaders },
  response: http.ServerResponse,
): void {
  const [, location] = /\/to\?(.*)$/.exec(request.url ?? "") ?? [];
  if (location !== undefined) response.writeHead(302, { location });
  response.end(JSON.stringify(request.headers));
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return (server.address() as AddressInfo).port;
}

/** Whatever the name: the connection goes to the loopback server. */
export function connectPlain(port: number): net.Socket {
  return net.connect(port, "127.0.0.1");
}

export function connectTls(port: number): tls.TLSSocket {
  return tls.connect({
    ...PSK,
    port,
    host: "127.0.0.1",
    pskCallback: () => ({ psk: SECRET, identity: "test" }),
    checkServerIdentity: () => undefined,
  });
}
