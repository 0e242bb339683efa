import http from "node:http";
import net, { type AddressInfo } from "node:net";
import { propagation } from "@opentelemetry/api";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { guardOutgoing } from "../../../src/pipeline/propagation/guard-outgoing.ts";
import { hostAllowList } from "../../../src/pipeline/propagation/host-allow-list.ts";
import { type Clients, startClients } from "./support/clients.ts";
import { type RecordingServers, startRecordingServers } from "./support/recording-servers.ts";
import { leaked } from "./support/tracing.ts";

const ID = `00-${"1".repeat(32)}-${"2".repeat(16)}-01`;
const CONTEXT = { traceparent: ID, baggage: "tenant=t-1" } as const;
const STRANGER = "http://evil.example/";

let servers: RecordingServers;
let clients: Clients;
let stop = () => {};
beforeAll(async () => {
  servers = await startRecordingServers();
  clients = await startClients(servers);
});
afterAll(async () => {
  await clients.stop();
  await servers.stop();
});
beforeEach(() => {
  stop = guardOutgoing(hostAllowList(["listed.example", "ported.example:8443"]));
});
afterEach(() => {
  stop();
  propagation.disable();
});

describe("the rest of a request of node:http", () => {
  /** What a request is made of, with the guard and without. */
  async function bytes(options: http.RequestOptions, body = ""): Promise<string> {
    let text = "";
    const server = net.createServer((socket) => {
      socket.on("data", (chunk) => {
        text += String(chunk);
        if (text.endsWith(`${body}\r\n0\r\n\r\n`) || text.endsWith(`\r\n\r\n${body}`)) {
          socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        }
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    await new Promise<void>((done, fail) => {
      const createConnection = () => net.connect(port, "127.0.0.1");
      const request = http.request({ host: "evil.example", ...options, createConnection }, (response) => {
        response.resume().once("end", done);
      });
      request.once("error", fail).end(body);
    });
    await new Promise((done) => server.close(done));
    return text;
  }

  it.each<[string, http.RequestOptions, string]>([
    ["a GET", { headers: { "X-Mine": ["a", "b"], accept: "*/*" } }, ""],
    ["a POST", { method: "POST", headers: { "content-type": "text/plain" } }, "hello"],
    ["headers as an array", { headers: ["Host", "evil.example", "X-A", "1", "x-a", "2"] }, ""],
    ["user and password", { auth: "u:p", path: "/a?b=c" }, ""],
  ])("stays as it is, byte for byte: %s", async (_, options, body) => {
    const guarded = await bytes(options, body);
    stop();
    expect(guarded).toBe(await bytes(options, body));
  });

  it("stays as it is where headers were taken off", async () => {
    const mine = { Accept: "*/*", "x-mine": "1" };
    const guarded = await bytes({ headers: { Accept: "*/*", ...CONTEXT, "x-mine": "1" } });
    stop();
    expect(guarded).toBe(await bytes({ headers: mine }));
  });

  it("and the caller's own headers", async () => {
    const object = { ...CONTEXT };
    const list = ["host", "evil.example", "traceparent", ID];
    await clients.http(STRANGER, { headers: object });
    await clients.http(STRANGER, { headers: list });
    expect([object, list]).toEqual([CONTEXT, ["host", "evil.example", "traceparent", ID]]);
  });

  it("is sent also where the propagator throws", async () => {
    const fail = () => {
      throw new Error("broken propagator");
    };
    propagation.setGlobalPropagator({ inject: fail, extract: fail, fields: fail });
    expect(leaked(await clients.http(STRANGER, { headers: CONTEXT }))).toEqual([]);
  });
});

describe("taking the guard of node:http away", () => {
  it("leaves the classes as they were, and may be done twice", () => {
    stop();
    const names = () => Object.getOwnPropertyNames(http.ClientRequest.prototype);
    const [before, addRequest] = [names(), http.Agent.prototype];
    const own = Object.getOwnPropertyDescriptor(addRequest, "addRequest");
    const undo = guardOutgoing(hostAllowList(["a.example:1"]));
    expect(names()).not.toEqual(before);
    undo();
    undo();
    expect(names()).toEqual(before);
    expect(Object.getOwnPropertyDescriptor(addRequest, "addRequest")).toEqual(own);
  });

  it("lets headers through again, also under somebody else's patch", async () => {
    const prototype = http.ClientRequest.prototype as unknown as Record<
      string,
      (...args: unknown[]) => unknown
    >;
    const ours = prototype["_storeHeader"]!;
    prototype["_storeHeader"] = function (...args) {
      return Reflect.apply(ours, this, args);
    };
    stop();
    expect(leaked(await clients.http(STRANGER, { headers: CONTEXT }))).toHaveLength(2);
    Reflect.deleteProperty(prototype, "_storeHeader");
  });
});
