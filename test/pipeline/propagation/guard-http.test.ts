import http from "node:http";
import { propagation } from "@opentelemetry/api";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { guardOutgoing } from "../../../src/pipeline/propagation/guard-outgoing.ts";
import { hostAllowList } from "../../../src/pipeline/propagation/host-allow-list.ts";
import { type Clients, startClients } from "./support/clients.ts";
import { connectPlain, type RecordingServers, startRecordingServers } from "./support/recording-servers.ts";
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

describe("headers of node:http are taken off, however they got there", () => {
  it("by hand, in an object, in any case of letters", async () => {
    const headers = { TraceParent: ID, BAGGAGE: "a=1", tracestate: "a=1", "X-Mine": "kept" };
    const arrived = await clients.http(STRANGER, { headers });
    expect(leaked(arrived)).toEqual([]);
    expect(arrived["x-mine"]).toBe("kept");
  });

  it("in a flat array", async () => {
    const headers = ["Host", "evil.example", "traceparent", ID, "baggage", "a=1", "x-mine", "kept"];
    const arrived = await clients.http(STRANGER, { headers });
    expect(leaked(arrived)).toEqual([]);
    expect([arrived["host"], arrived["x-mine"]]).toEqual(["evil.example", "kept"]);
  });

  it("with an Expect header, with which Node makes the bytes at once", async () => {
    const headers = { ...CONTEXT, expect: "100-continue" };
    expect(leaked(await clients.http(STRANGER, { headers }))).toEqual([]);
  });

  it("set on the request later, as a hook of an instrumentation does", async () => {
    const arrived = await new Promise<object>((done, fail) => {
      const request = http.request(
        { host: "evil.example", createConnection: () => connectPlain(servers.http) },
        (response) => response.on("data", (chunk) => done(JSON.parse(String(chunk)))),
      );
      request.setHeader("traceparent", ID);
      request.setHeaders(new Headers({ baggage: "a=1" }));
      request.once("error", fail).end();
    });
    expect(leaked({ ...arrived })).toEqual([]);
  });

  it("by a propagator that names its own", async () => {
    propagation.setGlobalPropagator({
      inject() {},
      extract: (context) => context,
      fields: () => ["X-Our-Trace"],
    });
    expect(
      (await clients.http(STRANGER, { headers: { "x-our-trace": "1" } }))["x-our-trace"],
    ).toBeUndefined();
  });

  it("in the formats of other propagators", async () => {
    const names = [
      "b3",
      "x-b3-traceid",
      "x-b3-sampled",
      "uber-trace-id",
      "uberctx-user",
      "ot-tracer-traceid",
    ];
    const more = ["ot-baggage-user", "x-cloud-trace-context", "grpc-trace-bin", "sentry-trace"];
    const headers = Object.fromEntries([...names, ...more].map((name) => [name, "1"]));
    const arrived = await clients.http(STRANGER, { headers });
    expect(Object.keys(arrived).filter((name) => name in headers)).toEqual([]);
  });

  it("but not those that other systems own", async () => {
    const headers = {
      "x-amzn-trace-id": "Root=1",
      "x-datadog-trace-id": "1",
      "x-request-id": "1",
      traceparents: "1",
    };
    expect(await clients.http(STRANGER, { headers })).toMatchObject(headers);
  });
});

describe("the host that node:http connects to decides", () => {
  it("and a listed one gets the headers", async () => {
    expect(await clients.http("http://listed.example/", { headers: CONTEXT })).toMatchObject(CONTEXT);
  });

  it("a Host header that is listed opens nothing", async () => {
    const headers = { ...CONTEXT, host: "listed.example" };
    expect(leaked(await clients.http(STRANGER, { headers }))).toEqual([]);
    const list = ["host", "listed.example", "traceparent", ID];
    expect(leaked(await clients.http(STRANGER, { headers: list }))).toEqual([]);
  });

  it("a Host header that is not listed closes", async () => {
    const headers = { ...CONTEXT, host: "evil.example" };
    expect(leaked(await clients.http("http://listed.example/", { headers }))).toEqual([]);
  });

  it.each(["listed.example@evil.example", "listed%2eexample", "listed.example#", "listed.example\\"])(
    "raw as %s, it is not taken for a listed one",
    async (host) => {
      expect(leaked(await clients.httpOptions(host, 80, { headers: CONTEXT, setHost: false }))).toEqual([]);
    },
  );

  it("also where the agent's own options name another", async () => {
    const agent = new http.Agent({ host: "evil.example" } as http.AgentOptions);
    const options = {
      headers: CONTEXT,
      agent: Object.assign(agent, { createConnection: () => connectPlain(servers.http) }),
    };
    expect(leaked(await clients.http("http://listed.example/", options))).toEqual([]);
  });

  it("and the target behind a proxy that the path names", async () => {
    const headers = { ...CONTEXT };
    expect(leaked(await clients.httpOptions("listed.example", 80, { path: STRANGER, headers }))).toEqual([]);
    const path = "http://listed.example/";
    expect(
      leaked(
        await clients.httpOptions("127.0.0.1", 80, { path, headers: { ...headers, host: "listed.example" } }),
      ),
    ).toHaveLength(2);
    expect(leaked(await clients.httpOptions("proxy.example", 80, { path, headers }))).toEqual([]);
  });

  it("not Node's own proxy before it", async () => {
    const proxyEnv = { HTTP_PROXY: `http://127.0.0.1:${servers.http}` };
    const agent = new http.Agent({ proxyEnv } as http.AgentOptions);
    const to = (url: string) => clients.http(url, { headers: CONTEXT, agent });
    expect(leaked(await to("http://listed.example/"))).toHaveLength(2);
    expect(leaked(await to(STRANGER))).toEqual([]);
    agent.destroy();
  });

  it("with its port, where an entry has one", async () => {
    const headers = { ...CONTEXT };
    expect(leaked(await clients.http("http://ported.example:8443/", { headers }))).toHaveLength(2);
    expect(leaked(await clients.http("http://ported.example/", { headers }))).toEqual([]);
    const short = { ...headers, host: "ported.example" };
    expect(leaked(await clients.http("http://ported.example:8443/", { headers: short }))).toHaveLength(2);
    const spoofed = { ...headers, host: "ported.example:8443" };
    expect(leaked(await clients.http("http://ported.example/", { headers: spoofed }))).toEqual([]);
  });
});
