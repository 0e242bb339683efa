import diagnostics from "node:diagnostics_channel";
import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { isTracingSuppressed } from "@opentelemetry/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { httpSender } from "../../../../src/pipeline/durable-span-exporter/send/http-sender.ts";
import { answer, rawServer, sendTo } from "./support.ts";

/** What Node tells instrumentations of, as it happens. */
const CHANNELS = ["http.client.request.created", "http.client.request.start", "net.client.socket"];

beforeEach(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
afterEach(() => context.disable());

/** For each thing that is told while `work` runs: would a span be made of it? */
async function suppressedDuring(
  work: () => Promise<unknown>,
): Promise<ReadonlyMap<string, readonly boolean[]>> {
  const seen = new Map<string, boolean[]>(CHANNELS.map((name) => [name, []]));
  const see = (_: unknown, name: string | symbol) => {
    seen.get(String(name))?.push(isTracingSuppressed(context.active()));
  };
  for (const name of CHANNELS) diagnostics.subscribe(name, see);
  await work();
  for (const name of CHANNELS) diagnostics.unsubscribe(name, see);
  return seen;
}

describe("tracing", () => {
  it("is suppressed for everything that a request does", async () => {
    await using server = await rawServer((_, socket) => void socket.write(answer("200 OK")));
    const sender = httpSender({ url: server.url, maxInFlight: 1 });
    const seen = await suppressedDuring(() => Promise.all([sendTo(sender), sendTo(sender), sendTo(sender)]));
    expect(Object.fromEntries(seen)).toEqual({
      "http.client.request.created": [true, true, true],
      "http.client.request.start": [true, true, true],
      // All three on one connection.
      "net.client.socket": [true],
    });
    sender.close();
  });

  it("is suppressed for the second try on a new connection", async () => {
    await using server = await rawServer(({ nthHere }, socket) =>
      nthHere === 1 ? void socket.write(answer("200 OK")) : void socket.resetAndDestroy(),
    );
    const sender = httpSender({ url: server.url });
    const seen = await suppressedDuring(async () => {
      await sendTo(sender);
      await sendTo(sender);
    });
    expect(seen.get("http.client.request.start")).toEqual([true, true, true]);
    sender.close();
  });

  it("is suppressed for the function that gives the headers", async () => {
    const suppressed: boolean[] = [];
    const headers = async () => {
      suppressed.push(isTracingSuppressed(context.active()));
      await null;
      suppressed.push(isTracingSuppressed(context.active()));
      return {};
    };
    await using server = await rawServer((_, socket) => void socket.write(answer("200 OK")));
    const sender = httpSender({ url: server.url, headers });
    await sendTo(sender);
    expect(suppressed).toEqual([true, true]);
    sender.close();
  });

  it("is not suppressed for the program, neither while a request runs nor after it", async () => {
    await using server = await rawServer((_, socket) => void socket.write(answer("200 OK")));
    const sender = httpSender({ url: server.url });
    const sending = sendTo(sender);
    expect(isTracingSuppressed(context.active())).toBe(false);
    await sending;
    expect(isTracingSuppressed(context.active())).toBe(false);
    sender.close();
  });
});
