import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from "node:http";
import http2 from "node:http2";
import https from "node:https";
import type { Socket } from "node:net";
import { context, propagation } from "@opentelemetry/api";
import { Agent as NpmAgent } from "undici";
import { connectPlain, connectTls, type RecordingServers } from "./recording-servers.ts";

/** The headers as the server got them, of the last hop where there were several. */
export type Arrived = Readonly<Record<string, string | undefined>>;

type Given = Readonly<Record<string, string>>;

/** One way to send a request. Each goes to a loopback server, whatever host its URL names. */
export interface Clients {
  fetch(url: string, headers?: Given): Promise<Arrived>;
  /** The undici that Node brings along. */
  undici(url: string, headers?: Given): Promise<Arrived>;
  /** The package. */
  npmUndici(url: string, headers?: Given): Promise<Arrived>;
  http(url: string, options?: RequestOptions): Promise<Arrived>;
  /** The host as it is written, not as a URL parser writes it. */
  httpOptions(host: string, port: number, options?: RequestOptions): Promise<Arrived>;
  https(url: string, options?: RequestOptions): Promise<Arrived>;
  /** As gRPC's instrumentation does it: OpenTelemetry has none for http2 itself. */
  http2(url: string, headers?: Given): Promise<Arrived>;
  /** A redirect from `from` to `url`. */
  redirectedFetch(from: string, url: string): Promise<Arrived>;
  /** node:http does not follow by itself. */
  redirectedHttp(from: string, url: string): Promise<Arrived>;
  stop(): Promise<void>;
}

interface Dispatcher {
  request(options: object): Promise<{ readonly body: { json(): Promise<unknown> } }>;
  close(): Promise<void>;
}

export async function startClients(servers: RecordingServers): Promise<Clients> {
  const plain = agentTo(new http.Agent({ keepAlive: true }), () => connectPlain(servers.http));
  const secure = agentTo(new https.Agent({ keepAlive: true }), () => connectTls(servers.https));
  const dispatcher = dispatcherTo(servers.http, await bundledAgent());
  const npmDispatcher = dispatcherTo(servers.http, NpmAgent as unknown as AgentClass);
  const viaFetch = async (url: string, headers: Given = {}) =>
    (await (await fetch(url, { dispatcher, headers } as RequestInit)).json()) as Arrived;
  const viaHttp = (url: string, options: RequestOptions = {}) =>
    send((done) => http.request(url, { agent: plain, ...options }, done));
  return {
    fetch: viaFetch,
    undici: (url, headers = {}) => viaDispatcher(dispatcher, url, headers),
    npmUndici: (url, headers = {}) => viaDispatcher(npmDispatcher, url, headers),
    http: viaHttp,
    httpOptions: (host, port, options = {}) =>
      send((done) => http.request({ host, port, agent: plain, ...options }, done)),
    https: (url, options = {}) => send((done) => https.request(url, { agent: secure, ...options }, done)),
    http2: (url, headers = {}) => sendHttp2(url, headers, servers.http2),
    redirectedFetch: (from, url) => viaFetch(`${from}/to?${url}`),
    redirectedHttp: async (from, url) => {
      const location = await new Promise<string>((done, fail) => {
        const onResponse = (response: IncomingMessage) => {
          response.resume().once("end", () => done(String(response.headers.location)));
        };
        http.get(`${from}/to?${url}`, { agent: plain }, onResponse).once("error", fail);
      });
      return viaHttp(location);
    },
    stop: async () => {
      plain.destroy();
      secure.destroy();
      await Promise.all([dispatcher.close(), npmDispatcher.close()]);
    },
  };
}

function agentTo<A extends http.Agent>(agent: A, connect: () => Socket): A {
  return Object.assign(agent, { createConnection: connect });
}

async function viaDispatcher(dispatcher: Dispatcher, url: string, headers: Given): Promise<Arrived> {
  const { origin, pathname: path } = new URL(url);
  const { body } = await dispatcher.request({ origin, path, method: "GET", headers });
  return (await body.json()) as Arrived;
}

type AgentClass = new (options: object) => Dispatcher;

/** Node does not export its undici; an instance of its Agent leads to the class. */
async function bundledAgent(): Promise<AgentClass> {
  await fetch("data:,");
  const known = Reflect.get(globalThis, Symbol.for("undici.globalDispatcher.1")) as object;
  return known.constructor as AgentClass;
}

function dispatcherTo(port: number, Agent: AgentClass): Dispatcher {
  return new Agent({
    connect: (_: object, done: (error: Error | null, socket?: Socket) => void) => {
      const socket = connectPlain(port).once("error", done);
      socket.once("connect", () => done(null, socket.off("error", done)));
    },
  });
}

function send(start: (done: (response: IncomingMessage) => void) => ClientRequest): Promise<Arrived> {
  return new Promise((done, fail) => {
    start((response) => void bodyOf(response).then(done, fail))
      .once("error", fail)
      .end();
  });
}

async function bodyOf(stream: AsyncIterable<unknown>): Promise<Arrived> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return JSON.parse(text) as Arrived;
}

async function sendHttp2(url: string, given: Given, port: number): Promise<Arrived> {
  const session = http2.connect(url, { createConnection: () => connectPlain(port) });
  const carrier: Record<string, string> = { ...given };
  propagation.inject(context.active(), carrier);
  try {
    return await bodyOf(session.request({ ":path": "/", ...carrier }).end());
  } finally {
    session.close();
  }
}
