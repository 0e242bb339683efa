import { once } from "node:events";
import { connect, createServer } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { PortInUseError } from "../../../src/errors/port-in-use-error.ts";
import { type Listening, listenOnLoopback } from "../../../src/server/dev/listen.ts";

const OPTIONS = { port: 0, option: "--port", maxConnections: 8 };

async function listening(fetch = () => new Response("here")): Promise<Listening> {
  const server = await listenOnLoopback(fetch, OPTIONS);
  onTestFinished(() => server.close(0));
  return server;
}

describe("listening on loopback", () => {
  it("answers on 127.0.0.1", async () => {
    const { port } = await listening();
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("here");
  });

  it("answers under localhost, whichever address that is", async () => {
    const { port } = await listening();
    expect(await (await fetch(`http://localhost:${port}/`)).text()).toBe("here");
  });

  it("names the option where somebody else has the port", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    onTestFinished(() => void other.close());
    const { port } = other.address() as { port: number };
    const attempt = listenOnLoopback(() => new Response(), { ...OPTIONS, port });
    await expect(attempt).rejects.toThrow(PortInUseError);
    await expect(attempt).rejects.toThrow(
      `port ${port} of 127.0.0.1 is in use; stop who uses it, or choose another with --port`,
    );
  });

  it("answers 503 without a word of the error where a handler throws", async () => {
    const { port } = await listening(() => {
      throw new Error("secret place");
    });
    const response = await fetch(`http://127.0.0.1:${port}/`);
    expect(response.status).toBe(503);
    expect(await response.text()).not.toContain("secret");
  });

  it.each(["OPTIONS * HTTP/1.1", "GET http://[ HTTP/1.1", "GET /\\..\\ HTTP/1.1"])(
    "answers %j as something that cannot be read, or like any other",
    async (line) => {
      const { port } = await listening();
      const socket = connect(port, "127.0.0.1");
      socket.write(`${line}\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
      expect(await text(socket)).toMatch(/^HTTP\/1\.1 (200|400) /);
    },
  );

  it("lets others in while somebody holds all connections", async () => {
    const { port } = await listening();
    const held = Array.from({ length: OPTIONS.maxConnections }, () => connect(port, "127.0.0.1"));
    onTestFinished(() => {
      for (const socket of held) socket.destroy();
    });
    await Promise.all(
      held.map(async (socket) => {
        socket.on("error", () => {});
        await once(socket, "connect");
      }),
    );
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
  });

  it("ends a connection whose headers take longer than five seconds, and answers others meanwhile", async () => {
    const { port } = await listening();
    const slow = connect(port, "127.0.0.1");
    await once(slow, "connect");
    slow.write("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
    const begun = performance.now();
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
    slow.resume();
    await once(slow, "close");
    expect(performance.now() - begun).toBeLessThan(9_000);
  });

  it("refuses headers of more than 16 KiB", async () => {
    const { port } = await listening();
    const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { "x-large": "x".repeat(20_000) } });
    expect(response.status).toBe(431);
  });

  it("closes while a client keeps its connection", async () => {
    const server = await listenOnLoopback(() => new Response("here"), OPTIONS);
    const client = connect(server.port, "127.0.0.1");
    await once(client, "connect");
    client.on("error", () => {});
    await server.close(50);
    client.destroy();
  });
});
