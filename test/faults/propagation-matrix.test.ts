import { SpanKind } from "@opentelemetry/api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { guardOutgoing } from "../../src/pipeline/propagation/guard-outgoing.ts";
import { hostAllowList } from "../../src/pipeline/propagation/host-allow-list.ts";
import type { SpanRecorder } from "../../src/testing/span-recorder.ts";
import { propagationByPropagator } from "../naive/propagation-by-propagator.ts";
import { type Arrived, type Clients, startClients } from "../pipeline/propagation/support/clients.ts";
import { injecting } from "../pipeline/propagation/support/injecting.ts";
import {
  type RecordingServers,
  startRecordingServers,
} from "../pipeline/propagation/support/recording-servers.ts";
import { ALLOWED, type Spelling, spellings } from "../pipeline/propagation/support/spellings.ts";
import { leaked, startTracing, traced, w3c } from "../pipeline/propagation/support/tracing.ts";

type Way = (clients: Clients, spelling: Spelling) => Promise<Arrived>;

/** A listed host redirects to the spelled one, and one that is not listed does. */
const LISTED = "http://api.listed.example";
const NOT_LISTED = "http://evil.example";

const WAYS: Readonly<Record<string, Way>> = {
  fetch: (clients, { authority }) => clients.fetch(`http://${authority}/`),
  "undici request": (clients, { authority }) => clients.undici(`http://${authority}/`),
  "undici request, of the package": (clients, { authority }) => clients.npmUndici(`http://${authority}/`),
  "node:http": (clients, { authority }) => clients.http(`http://${authority}/`),
  "node:https": (clients, { authority }) => clients.https(`https://${authority}/`),
  "node:http2": (clients, { authority }) => clients.http2(`http://${authority}/`),
  "fetch, redirected by a listed host": (clients, { authority }) =>
    clients.redirectedFetch(LISTED, `http://${authority}/`),
  "fetch, redirected by a host not listed": (clients, { authority }) =>
    clients.redirectedFetch(NOT_LISTED, `http://${authority}/`),
  "node:http, redirected by a listed host": (clients, { authority }) =>
    clients.redirectedHttp(LISTED, `http://${authority}/`),
};

/** fetch itself refuses to send user and password that stand in a URL. */
function canSend(way: string, { authority }: Spelling): boolean {
  return !(way.startsWith("fetch") && authority.includes("@"));
}

/** Of the client, one for each hop. OpenTelemetry has no instrumentation for http2. */
function spansOfEach(way: string): number {
  if (!injected.makesSpans || way === "node:http2") return 0;
  return way.includes("redirected") ? 2 : 1;
}

interface Counts {
  sent: number;
  /** Headers at hosts that are not listed. */
  leaks: number;
  /** Requests to listed hosts that came without traceparent or baggage. */
  missing: number;
  spans: number;
  readonly wrong: string[];
}

let servers: RecordingServers;
let clients: Clients;
let recorder: SpanRecorder;
const injected = injecting();
beforeAll(async () => {
  servers = await startRecordingServers();
  clients = await startClients(servers);
});
afterAll(async () => {
  await clients.stop();
  await servers.stop();
});

async function sendAll(way: string): Promise<Counts> {
  const counts: Counts = { sent: 0, leaks: 0, missing: 0, spans: 0, wrong: [] };
  for (const spelling of spellings().filter((each) => canSend(way, each))) {
    const found = leaked(await traced(() => WAYS[way]!(clients, spelling)));
    counts.sent += 1;
    if (spelling.listed && found.length < 2) counts.missing += 1;
    if (!spelling.listed) counts.leaks += found.length;
    if (spelling.listed ? found.length < 2 : found.length > 0) counts.wrong.push(spelling.authority);
  }
  counts.spans = recorder.spans.filter(({ name, kind }) => name === "GET" && kind === SpanKind.CLIENT).length;
  return counts;
}

function print(what: string, { sent, leaks, missing, spans }: Counts): void {
  console.log(
    `${what}: ${sent} requests, ${leaks} headers leaked, ${missing} missing, ${spans} client spans`,
  );
}

const ORDERS = ["before", "after"] as const;

describe.each(ORDERS)("the guard, started %s what injects", (order) => {
  let stop: () => void;
  beforeAll(() => {
    recorder = startTracing();
    if (order === "before") stop = guardOutgoing(hostAllowList(ALLOWED));
    injected.start();
    if (order === "after") stop = guardOutgoing(hostAllowList(ALLOWED));
    console.log(`injected by ${injected.what}`);
  });
  afterAll(() => {
    stop();
    injected.stop();
    recorder.stop();
  });

  it.each(Object.keys(WAYS))(
    "lets 0 headers of 200 spellings reach a host that is not listed: %s",
    async (way) => {
      recorder.reset();
      const counts = await sendAll(way);
      print(way, counts);
      expect(counts).toMatchObject({ leaks: 0, missing: 0, wrong: [] });
      expect(counts.spans, "spans are made all the same").toBe(spansOfEach(way) * counts.sent);
    },
  );
});

describe("the control: a propagator that has no host to go by", () => {
  beforeAll(() => {
    recorder = startTracing(propagationByPropagator(w3c(), ALLOWED));
    injected.start();
  });
  afterAll(() => {
    injected.stop();
    recorder.stop();
  });

  it.each(Object.keys(WAYS))("leaks: %s", async (way) => {
    recorder.reset();
    const counts = await sendAll(way);
    print(`naive, ${way}`, counts);
    expect(counts.leaks).toBeGreaterThan(100);
  });
});
