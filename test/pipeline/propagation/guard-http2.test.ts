import http2, {
  type ClientHttp2Session,
  connect as importedConnect,
  type OutgoingHttpHeaders,
} from "node:http2";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { guardOutgoing } from "../../../src/pipeline/propagation/guard-outgoing.ts";
import { hostAllowList } from "../../../src/pipeline/propagation/host-allow-list.ts";
import { connectPlain, type RecordingServers, startRecordingServers } from "./support/recording-servers.ts";
import { leaked } from "./support/tracing.ts";

const CONTEXT = { traceparent: "00-1", baggage: "tenant=t-1" } as const;
const STRANGER = "http://evil.example";
const LISTED = "http://listed.example";

let servers: RecordingServers;
let stop = () => {};
const sessions: ClientHttp2Session[] = [];
beforeAll(async () => {
  servers = await startRecordingServers();
});
afterAll(() => servers.stop());
beforeEach(() => {
  stop = guardOutgoing(hostAllowList(["listed.example", "ported.example:8443"]));
});
afterEach(() => {
  stop();
  for (const session of sessions.splice(0)) session.close();
});

function open(authority: string | URL, options: object = {}, connect = http2.connect): ClientHttp2Session {
  const session = connect(authority, { createConnection: () => connectPlain(servers.http2), ...options });
  sessions.push(session);
  return session;
}

async function ask(session: ClientHttp2Session, headers: OutgoingHttpHeaders | readonly string[] = CONTEXT) {
  let text = "";
  for await (const chunk of session.request(headers).end()) text += String(chunk);
  return JSON.parse(text) as Record<string, string>;
}

describe("headers of node:http2 are taken off", () => {
  it("in an object, and the caller's own stays as it is", async () => {
    const headers = { ...CONTEXT, "x-mine": "kept" };
    const arrived = await ask(open(STRANGER), headers);
    expect(leaked(arrived)).toEqual([]);
    expect(arrived["x-mine"]).toBe("kept");
    expect(headers).toMatchObject(CONTEXT);
  });

  it("in a flat array", async () => {
    const headers = [":path", "/", ":method", "GET", ":scheme", "http", ":authority", "evil.example"];
    expect(leaked(await ask(open(STRANGER), [...headers, "baggage", "a=1", "x-mine", "kept"]))).toEqual([]);
  });

  it("also once the session is connected, when Node sends them at once", async () => {
    const session = open(STRANGER);
    await ask(session);
    expect(leaked(await ask(session))).toEqual([]);
  });

  it("of a session from a promised connect", async () => {
    type Promised = (authority: string, options: object) => Promise<ClientHttp2Session>;
    const connect = promisify(http2.connect) as unknown as Promised;
    const session = await connect(LISTED, { createConnection: () => connectPlain(servers.http2) });
    sessions.push(session);
    expect(leaked(await ask(session))).toHaveLength(2);
    expect(leaked(await ask(session, { ...CONTEXT, ":authority": "evil.example" }))).toEqual([]);
  });

  it("of a session from an imported connect", async () => {
    expect(leaked(await ask(open(STRANGER, {}, importedConnect)))).toEqual([]);
  });

  it("of a session that was opened before the guard, which cannot tell where it goes", async () => {
    stop();
    const early = open(LISTED);
    stop = guardOutgoing(hostAllowList(["listed.example"]));
    open(LISTED);
    expect(leaked(await ask(early))).toEqual([]);
  });
});

describe("the host that node:http2 connects to decides", () => {
  it("and a listed one gets the headers, also as a URL", async () => {
    expect(await ask(open(LISTED))).toMatchObject(CONTEXT);
    expect(await ask(open(new URL("http://LISTED.example.:81/")))).toMatchObject(CONTEXT);
  });

  it("an :authority or Host that is listed opens nothing", async () => {
    expect(leaked(await ask(open(STRANGER), { ...CONTEXT, ":authority": "listed.example" }))).toEqual([]);
    expect(leaked(await ask(open(STRANGER), { ...CONTEXT, host: "listed.example" }))).toEqual([]);
  });

  it("an :authority or Host that is not listed closes", async () => {
    expect(leaked(await ask(open(LISTED), { ...CONTEXT, ":authority": "evil.example" }))).toEqual([]);
    expect(leaked(await ask(open(LISTED), { ...CONTEXT, host: "evil.example" }))).toEqual([]);
  });

  it("also where an option names it, or the name that the server is called by", async () => {
    expect(leaked(await ask(open(LISTED, { host: "evil.example" })))).toEqual([]);
    expect(leaked(await ask(open(LISTED, { servername: "evil.example" })))).toEqual([]);
  });

  it("with its port, where an entry has one", async () => {
    expect(leaked(await ask(open("http://ported.example:8443")))).toHaveLength(2);
    expect(leaked(await ask(open("http://ported.example")))).toEqual([]);
    const headers = { ...CONTEXT, ":authority": "ported.example:8443" };
    expect(leaked(await ask(open("http://ported.example"), headers))).toEqual([]);
  });
});

describe("a request of node:http2", () => {
  it("may have no headers at all", async () => {
    const session = open(STRANGER);
    let text = "";
    for await (const chunk of session.request()) text += String(chunk);
    expect(JSON.parse(text)).toMatchObject({ ":method": "GET", host: "evil.example:80" });
  });

  it("has its other headers, those kept out of the compression among them", async () => {
    const secret = { ...CONTEXT, cookie: "c=1", [http2.sensitiveHeaders]: ["cookie"] } as OutgoingHttpHeaders;
    expect(await ask(open(STRANGER), secret)).toMatchObject({ cookie: "c=1" });
    stop();
  });

  it("has all its headers again when the guard is taken away, and connect is Node's own", async () => {
    const session = open(STRANGER);
    stop();
    expect(leaked(await ask(session))).toHaveLength(2);
    expect(leaked(await ask(open(STRANGER)))).toHaveLength(2);
    expect(http2.connect).toBe(importedConnect);
    expect(String(http2.connect)).toContain("ClientHttp2Session");
  });
});
