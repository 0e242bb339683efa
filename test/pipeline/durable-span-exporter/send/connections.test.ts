import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { httpSender } from "../../../../src/pipeline/durable-span-exporter/send/http-sender.ts";
import { answer, frameOf, portOf, rawServer, type Script, sendTo } from "./support.ts";

const ok = answer("200 OK");
const always: Script = (_, socket) => void socket.write(ok);
const delivered = { kind: "delivered", rejectedSpans: 0 };

const openFiles = () => readdirSync("/proc/self/fd").length;

/** A place of a program where many wait for the same thing. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

describe("connections", () => {
  it("are kept: 1,000 requests one after another take one, and leave no file open", async () => {
    await using server = await rawServer(always);
    const sender = httpSender({ url: server.url });
    await sendTo(sender);
    const before = openFiles();
    for (let sent = 1; sent < 1_000; sent++) expect(await sendTo(sender)).toEqual(delivered);
    expect(server.connections).toBe(1);
    expect(openFiles()).toBeLessThanOrEqual(before);
    sender.close();
  });

  it("are not more than maxInFlight, and requests above wait", async () => {
    const all = gate();
    await using server = await rawServer((_, socket) => {
      if (server.open.size === 3) all.open();
      void all.opened.then(() => socket.write(ok));
    });
    const sender = httpSender({ url: server.url, maxInFlight: 3 });
    const outcomes = await Promise.all(Array.from({ length: 60 }, () => sendTo(sender)));
    expect(outcomes).toEqual(Array(60).fill(delivered));
    expect(server.connections).toBe(3);
    sender.close();
  });

  it("are used again after an error answer", async () => {
    await using server = await rawServer((_, socket) => void socket.write(answer("503 Busy", {}, "no")));
    const sender = httpSender({ url: server.url });
    for (let sent = 0; sent < 10; sent++) await sendTo(sender);
    expect(server.connections).toBe(1);
    sender.close();
  });

  it("are closed by close() where nothing is on them", async () => {
    await using server = await rawServer(always);
    const sender = httpSender({ url: server.url });
    await sendTo(sender);
    const [socket] = server.open;
    sender.close();
    await once(socket!, "close");
    expect(server.open.size).toBe(0);
  });

  it("survive close() until their answer is there, and are closed then", async () => {
    const asked = gate();
    const answered = gate();
    await using server = await rawServer((_, socket) => {
      asked.open();
      void answered.opened.then(() => socket.write(ok));
    });
    const sender = httpSender({ url: server.url });
    const outcome = sendTo(sender);
    await asked.opened;
    const [socket] = server.open;
    sender.close();
    sender.close();
    answered.open();
    expect(await outcome).toEqual(delivered);
    await once(socket!, "close");
  });

  it("can still be made after close()", async () => {
    await using server = await rawServer(always);
    const sender = httpSender({ url: server.url });
    sender.close();
    expect(await sendTo(sender)).toEqual(delivered);
  });
});

describe("a kept connection that the server has closed", () => {
  it.each<[string, Script]>([
    ["by end", (_, socket) => void socket.end()],
    ["by reset", (_, socket) => void socket.resetAndDestroy()],
  ])(
    "is no failure of the receiver: %s as the request comes, and a new one is tried at once",
    async (_, closed) => {
      await using server = await rawServer((request, socket) =>
        request.nthHere === 1 ? void socket.write(ok) : closed(request, socket),
      );
      const sender = httpSender({ url: server.url });
      await sendTo(sender);
      expect(await sendTo(sender)).toEqual(delivered);
      expect([server.requests.length, server.connections]).toEqual([3, 2]);
      sender.close();
    },
  );

  it("makes all that are kept suspect, so that the second try is on a new one", async () => {
    const both = gate();
    await using server = await rawServer(({ nthHere }, socket) => {
      if (nthHere > 1) return void socket.resetAndDestroy();
      if (server.open.size === 2) both.open();
      void both.opened.then(() => socket.write(ok));
    });
    const sender = httpSender({ url: server.url });
    await Promise.all([sendTo(sender), sendTo(sender)]);
    expect(await sendTo(sender)).toEqual(delivered);
    sender.close();
  });

  it("is tried once more and not for ever", async () => {
    await using server = await rawServer(({ nth }, socket) =>
      nth === 1 ? void socket.write(ok) : void socket.resetAndDestroy(),
    );
    const sender = httpSender({ url: server.url });
    await sendTo(sender);
    expect(await sendTo(sender)).toMatchObject({ kind: "retry" });
    expect(server.requests).toHaveLength(3);
    sender.close();
  });
});

describe("an answer that comes before the request was written", () => {
  const bytes = 32 * 2 ** 20;
  const early = { kind: "too_large", why: "HTTP 413" };

  /** Answers when it has seen the first bytes, and reads no more. */
  async function hasty(then: (socket: Socket) => void): Promise<Server> {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => {
        socket.pause();
        socket.write(answer("413 Content Too Large"), () => then(socket));
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return server;
  }

  it("counts, and the rest is not written", async () => {
    const read = Promise.withResolvers<number>();
    const connection = Promise.withResolvers<Socket>();
    const server = await hasty(connection.resolve);
    const sender = httpSender({ url: `http://127.0.0.1:${portOf(server)}/` });
    expect(await sendTo(sender, frameOf(Buffer.alloc(bytes)))).toEqual(early);
    const socket = await connection.promise;
    socket.resume().once("close", () => read.resolve(socket.bytesRead));
    expect(await read.promise).toBeLessThan(bytes);
    server.close();
  });

  it("counts also where the connection is closed with it, 50 times of 50", async () => {
    const server = await hasty((socket) => socket.destroy());
    const sender = httpSender({ url: `http://127.0.0.1:${portOf(server)}/` });
    for (let sent = 0; sent < 50; sent++) {
      expect(await sendTo(sender, frameOf(Buffer.alloc(bytes)))).toEqual(early);
    }
    server.close();
  });
});
