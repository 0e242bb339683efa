import { channel, subscribe, unsubscribe } from "node:diagnostics_channel";
import { diag } from "@opentelemetry/api";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { guardOutgoing } from "../../../src/pipeline/propagation/guard-outgoing.ts";
import { hostAllowList } from "../../../src/pipeline/propagation/host-allow-list.ts";
import { type Clients, startClients } from "./support/clients.ts";
import { type RecordingServers, startRecordingServers } from "./support/recording-servers.ts";
import { leaked } from "./support/tracing.ts";

const CHANNEL = "undici:request:create";
const CONTEXT = { traceparent: "00-1", baggage: "tenant=t-1" } as const;
const STRANGER = "http://evil.example/";
const LISTED = "http://listed.example/";

interface Request {
  headers: unknown;
  addHeader(name: string, value: string): void;
}

let servers: RecordingServers;
let clients: Clients;
let stop = () => {};
const undo: (() => void)[] = [];
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
  for (const each of undo.splice(0)) each();
});

/** Something that changes each request of undici, as an instrumentation does. */
function onCreate(change: (request: Request) => void): void {
  const listener = (message: unknown) => change((message as { readonly request: Request }).request);
  subscribe(CHANNEL, listener);
  undo.push(() => void unsubscribe(CHANNEL, listener));
}

const inject = (request: Request) =>
  void Object.entries(CONTEXT).map(([name, value]) => request.addHeader(name, value));

describe("headers of fetch and undici are taken off, however they got there", () => {
  it("by hand", async () => {
    const headers = { ...CONTEXT, "x-mine": "kept" };
    for (const arrived of [await clients.fetch(STRANGER, headers), await clients.undici(STRANGER, headers)]) {
      expect(leaked(arrived)).toEqual([]);
      expect(arrived["x-mine"]).toBe("kept");
    }
  });

  it("by an instrumentation that subscribed after the guard", async () => {
    onCreate(inject);
    expect(leaked(await clients.fetch(STRANGER))).toEqual([]);
  });

  it("by an instrumentation that subscribed before the guard", async () => {
    stop();
    onCreate(inject);
    stop = guardOutgoing(hostAllowList([]));
    expect(leaked(await clients.fetch(STRANGER))).toEqual([]);
  });

  it("by one that pushes into the array, or puts another in its place", async () => {
    onCreate((request) => (request.headers as string[]).push("baggage", "a=1"));
    onCreate((request) => {
      request.headers = [...(request.headers as string[]), "traceparent", "00-1", "x-mine", "kept"];
    });
    const arrived = await clients.fetch(STRANGER);
    expect(leaked(arrived)).toEqual([]);
    expect(arrived["x-mine"]).toBe("kept");
  });

  it("in the text that undici up to version 5 keeps its headers in", () => {
    const request = { origin: "http://evil.example", path: "/", headers: "a: 1\r\nTraceparent: 00-1\r\n" };
    channel(CHANNEL).publish({ request });
    request.headers += "baggage: a=1\r\nb: 2\r\n";
    expect(request.headers).toBe("a: 1\r\nb: 2\r\n");
  });
});

describe("the host of each hop decides", () => {
  it("and a listed one gets the headers", async () => {
    onCreate(inject);
    expect(await clients.fetch(LISTED)).toMatchObject(CONTEXT);
  });

  it("when a listed host redirects to a stranger, with headers by hand", async () => {
    onCreate(inject);
    expect(leaked(await clients.redirectedFetch("http://listed.example", STRANGER))).toEqual([]);
  });

  it("when a stranger redirects to a listed host", async () => {
    onCreate(inject);
    expect(await clients.redirectedFetch("http://evil.example", LISTED)).toMatchObject(CONTEXT);
  });

  it("with its port, where an entry has one", async () => {
    expect(leaked(await clients.fetch("http://ported.example:8443/", CONTEXT))).toHaveLength(2);
    expect(leaked(await clients.fetch("http://ported.example/", CONTEXT))).toEqual([]);
  });

  it("a Host header that is listed opens nothing, one that is not closes", async () => {
    expect(leaked(await clients.undici(STRANGER, { ...CONTEXT, host: "listed.example" }))).toEqual([]);
    expect(leaked(await clients.undici(LISTED, { ...CONTEXT, host: "evil.example" }))).toEqual([]);
    expect(leaked(await clients.undici(LISTED, { ...CONTEXT, host: "listed.example" }))).toHaveLength(2);
  });

  it("and the target of a request that a proxy forwards", () => {
    const toProxy = (origin: string, path: string) => {
      const request = { origin, path, headers: ["baggage", "a=1"] };
      channel(CHANNEL).publish({ request });
      return request.headers;
    };
    expect(toProxy("http://127.0.0.1:3128", `${STRANGER}a`)).toEqual([]);
    expect(toProxy("http://proxy.example", `${LISTED}a`)).toEqual([]);
    expect(toProxy("http://127.0.0.1:3128", `${LISTED}a`)).toEqual(["baggage", "a=1"]);
  });
});

describe("a request of undici", () => {
  it("is not disturbed by a message of another shape, which is reported", () => {
    const warned: string[] = [];
    const silent = () => {};
    const warn = (message: string) => void warned.push(message);
    diag.setLogger({ error: silent, warn, info: silent, debug: silent, verbose: silent });
    for (const message of [undefined, {}, { request: {} }, { request: Object.freeze({ headers: [] }) }]) {
      channel(CHANNEL).publish(message);
    }
    diag.disable();
    expect(warned).toEqual(["agent-otel: the guard of fetch failed; the program is not affected"]);
  });

  it("has its other headers in their order", async () => {
    const plain = await clients.fetch(STRANGER, { "x-b": "1", "x-a": "2" });
    const stripped = await clients.fetch(STRANGER, { "x-b": "1", baggage: "a=1", "x-a": "2" });
    expect(Object.entries(stripped)).toEqual(Object.entries(plain));
  });

  it("has all its headers again when the guard is taken away", async () => {
    stop();
    expect(leaked(await clients.fetch(STRANGER, CONTEXT))).toHaveLength(2);
    expect(channel(CHANNEL).hasSubscribers).toBe(false);
  });
});
