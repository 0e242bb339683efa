import { getEventListeners, once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { httpSender } from "../../../../src/pipeline/durable-span-exporter/send/http-sender.ts";
import { answer, frameOf, never, portOf, rawServer, type Script, sendTo } from "./support.ts";

const silent: Script = () => {};
const late = { kind: "retry", why: "no answer in time" };
const aborted = { kind: "retry", why: "aborted" };
/** Where the head has to come before the time is up, on a machine with other work too. */
const HEAD_COMES_MS = 1_000;

/** One byte at a time, for ever. */
const drip =
  (head: string): Script =>
  (_, socket) => {
    socket.write(head);
    const timer = setInterval(() => socket.write("x"), 5);
    socket.on("close", () => clearInterval(timer));
  };

describe("the time of a request", () => {
  it.each<[string, Script]>([
    ["a server that does not answer", silent],
    ["a head that comes byte by byte", drip("HTTP/1.1 200 OK\r\nX-Long: ")],
    [
      "early hints without an end",
      (_, socket) => {
        const timer = setInterval(() => socket.write("HTTP/1.1 102 Processing\r\n\r\n"), 5);
        socket.on("close", () => clearInterval(timer));
      },
    ],
  ])("ends the wait for %s", async (_, script) => {
    await using server = await rawServer(script);
    const sender = httpSender({ url: server.url, timeoutMs: 60 });
    const startMs = performance.now();
    expect(await sendTo(sender)).toEqual(late);
    expect(performance.now() - startMs).toSatisfy((ms: number) => ms > 50 && ms < 1_000);
  });

  it("ends the wait for a server that does not read", async () => {
    const server = createServer({ pauseOnConnect: true }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const closed = once(server, "connection").then(([socket]) => once(socket.resume(), "close"));
    const sender = httpSender({ url: `http://127.0.0.1:${portOf(server)}/`, timeoutMs: 60 });
    expect(await sendTo(sender, frameOf(Buffer.alloc(32 * 2 ** 20)))).toEqual(late);
    await closed;
    server.close();
  });

  it("ends the wait for a free connection", async () => {
    await using server = await rawServer(silent);
    const sender = httpSender({ url: server.url, timeoutMs: 60, maxInFlight: 1 });
    expect(await Promise.all([sendTo(sender), sendTo(sender), sendTo(sender)])).toEqual([late, late, late]);
  });

  it("closes the connection of a request that is given up, so that its answer is not another's", async () => {
    const closed = Promise.withResolvers<void>();
    await using server = await rawServer((_, socket) => void socket.once("close", closed.resolve));
    const sender = httpSender({ url: server.url, timeoutMs: 60 });
    await sendTo(sender);
    await closed.promise;
    expect(server.open.size).toBe(0);
  });

  it("ends a body that drips, and a success stays one: the receiver has said so", async () => {
    await using server = await rawServer(drip("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"));
    const sender = httpSender({ url: server.url, timeoutMs: HEAD_COMES_MS });
    expect(await sendTo(sender)).toEqual({ kind: "delivered", rejectedSpans: 0 });
  });

  it("ends a body that drips, and what the head asks for is kept", async () => {
    await using server = await rawServer(
      drip("HTTP/1.1 503 Busy\r\nRetry-After: 9\r\nContent-Length: 9999\r\n\r\n"),
    );
    const sender = httpSender({ url: server.url, timeoutMs: HEAD_COMES_MS });
    expect(await sendTo(sender)).toMatchObject({ kind: "retry", afterMs: 9_000 });
  });
});

describe("an abort", () => {
  it("ends a request at once", async () => {
    const abort = new AbortController();
    await using server = await rawServer(() => abort.abort());
    const sender = httpSender({ url: server.url });
    expect(await sender.send(frameOf(), abort.signal)).toEqual(aborted);
  });

  it("ends a request whose body drips, and then it is not settled", async () => {
    const abort = new AbortController();
    await using server = await rawServer((request, socket) => {
      drip("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")(request, socket);
      setTimeout(() => abort.abort(), 20);
    });
    const sender = httpSender({ url: server.url });
    expect(await sender.send(frameOf(), abort.signal)).toEqual(aborted);
  });

  it("ends the wait for headers", async () => {
    const abort = new AbortController();
    const headers = () => {
      abort.abort();
      return new Promise<Record<string, string>>(() => {});
    };
    const sender = httpSender({ url: "http://127.0.0.1:1/", headers });
    expect(await sender.send(frameOf(), abort.signal)).toEqual(aborted);
  });

  it("that came before keeps the request from being sent", async () => {
    await using server = await rawServer(silent);
    const sender = httpSender({ url: server.url });
    expect(await sender.send(frameOf(), AbortSignal.abort())).toEqual(aborted);
    expect(server.connections).toBe(0);
  });

  it("ends all requests of a shared signal, those that wait for a connection included", async () => {
    const abort = new AbortController();
    await using server = await rawServer(() => abort.abort());
    const sender = httpSender({ url: server.url, maxInFlight: 1 });
    const outcomes = await Promise.all([1, 2, 3].map(() => sender.send(frameOf(), abort.signal)));
    expect(outcomes).toEqual([aborted, aborted, aborted]);
  });

  it("leaves no listener on the signal", async () => {
    const { signal } = new AbortController();
    await using server = await rawServer((_, socket) => void socket.write(answer("200 OK")));
    const sender = httpSender({ url: server.url });
    for (let sent = 0; sent < 20; sent++) await sender.send(frameOf(), signal);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
    sender.close();
  });

  it("warns of no leak where one signal is used by 64 requests at a time", async () => {
    const warnings: unknown[] = [];
    const listen = (warning: Error) => warnings.push(warning.name);
    process.on("warning", listen);
    await using server = await rawServer((_, socket) => void socket.write(answer("200 OK")));
    const sender = httpSender({ url: server.url, maxInFlight: 2 });
    await Promise.all(Array.from({ length: 64 }, () => sender.send(frameOf(), never)));
    await new Promise(setImmediate);
    process.off("warning", listen);
    expect(warnings).toEqual([]);
    sender.close();
  });
});
