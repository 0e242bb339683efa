import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InsideAddressError } from "../../../src/errors/inside-address-error.ts";
import { outboundPlace } from "../../../src/internal/outbound/outbound-url.ts";
import { postOutbound } from "../../../src/internal/outbound/post-outbound.ts";
import { isPublicAddress } from "../../../src/internal/outbound/public-address.ts";
import { certificate } from "../../faults/host-safety/certificate.ts";
import { looksOutside, sendByText } from "../../naive/webhook-by-text.ts";
import { BAD_URLS, INSIDE_IPV4, INSIDE_IPV6, INSIDE_NAMES, spellings } from "./inside-urls.ts";

const PUBLIC = "93.184.216.34";

describe("what is sent to a URL that a program was given", () => {
  let inside: Server;
  let port: number;
  let connections = 0;
  beforeAll(async () => {
    inside = createServer((_, answer) => answer.end("inside"));
    inside.on("connection", () => (connections += 1));
    await new Promise<void>((resolve) => inside.listen(0, "0.0.0.0", resolve));
    ({ port } = inside.address() as AddressInfo);
  });
  afterAll(() => new Promise((resolve) => inside.close(resolve)));

  /** @returns Whether it was refused before anything was connected to. */
  async function isRefused(url: string, resolve: () => Promise<readonly string[]>): Promise<boolean> {
    try {
      const place = outboundPlace("test: url", url);
      await postOutbound({ place, headers: {}, body: "{}" }, { timeoutMs: 1_000, resolve });
      return false;
    } catch (error) {
      return error instanceof InsideAddressError || error instanceof TypeError;
    }
  }

  const literal = [
    ...INSIDE_IPV4.flatMap(spellings).map((host) => `https://${host}:PORT/hook`),
    ...INSIDE_IPV6.map((address) => `https://[${address}]:PORT/hook`),
    ...BAD_URLS,
  ];

  it(`reaches nothing inside by ${literal.length} spellings, whatever a name resolves to`, async () => {
    expect(literal.length).toBeGreaterThanOrEqual(300);
    const reached: string[] = [];
    for (const each of literal) {
      const url = each.replace("PORT", String(port));
      // A spelling that is no address is a name, and this resolver sends each inside.
      if (!(await isRefused(url, async () => ["127.0.0.1"]))) reached.push(url);
    }
    expect(reached).toEqual([]);
    expect(connections).toBe(0);
  });

  it("reaches nothing inside by names, also where only one of their addresses is inside", async () => {
    const bad = [...INSIDE_IPV4, ...INSIDE_IPV6, "::ffff:127.0.0.1", "fe80::1%eth0", "127.1", "0x7f.1", ""];
    const reached: string[] = [];
    for (const name of INSIDE_NAMES) {
      for (const address of bad) {
        for (const all of [[address], [PUBLIC, address], [address, PUBLIC], []]) {
          const isSafe = await isRefused(`https://${name}:${port}/`, async () => all);
          if (!isSafe) reached.push(`${name} -> ${all}`);
        }
      }
    }
    expect(reached).toEqual([]);
    expect(connections).toBe(0);
  });

  it("would be seen: a look at the text lets half of the spellings through, and some of them arrive", async () => {
    const before = connections;
    const urls = literal.filter((each) => each.includes("PORT"));
    const through = urls.filter((each) => looksOutside(each));
    expect(through.length).toBeGreaterThan(urls.length / 2);
    for (const each of through.filter((url) => /^https:..(0x7f|0177|2130706433)/i.test(url))) {
      const url = each.replace("https", "http").replace("PORT", String(port));
      if (URL.canParse(url)) await sendByText(url, async () => ["127.0.0.1"]);
    }
    expect(connections - before).toBeGreaterThan(0);
    connections = 0;
  });

  it("goes where the first answer of a resolver said that gives another one each time", async () => {
    const hits = { one: 0, other: 0 };
    const [one, other] = [createServer(), createServer()];
    one.on("request", (_, answer) => {
      hits.one += 1;
      answer.end();
    });
    other.on("connection", (socket: Socket) => {
      hits.other += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve));
    const { port: same } = one.address() as AddressInfo;
    await new Promise<void>((resolve) => other.listen(same, "127.0.0.2", resolve));
    let asked = 0;
    const rebinding = async () => (asked++ % 2 === 0 ? ["127.0.0.1"] : ["127.0.0.2"]);
    const place = outboundPlace("test: url", `http://localhost:${same}/`, true);
    expect(await postOutbound({ place, headers: {}, body: "{}" }, { resolve: rebinding })).toMatchObject({
      status: 200,
    });
    expect([asked, hits]).toEqual([1, { one: 1, other: 0 }]);
    // Who resolves once to check and once more to connect arrives at the other one.
    await sendByText(`http://hooks.example:${same}/`, async () =>
      asked++ % 2 === 1 ? [PUBLIC] : ["127.0.0.2"],
    );
    expect(hits).toEqual({ one: 1, other: 1 });
    await Promise.all([one, other].map((server) => new Promise((resolve) => server.close(resolve))));
  });

  it("goes over plain HTTP to this machine only where that is allowed, and nowhere else then", () => {
    expect(outboundPlace("test: url", "http://127.0.0.1:1/", true).isLocal).toBe(true);
    expect(outboundPlace("test: url", "http://[::1]:1/", true).isLocal).toBe(true);
    for (const url of ["http://10.0.0.1/", "http://example.com/", "https://127.0.0.1/", "http://0.0.0.0/"])
      expect(() => outboundPlace("test: url", url, true), url).toThrow(TypeError);
  });

  it("says nothing of the URL where it is refused: tokens stand in it", () => {
    for (const url of [
      "http://example.com/T0KEN",
      "https://u:T0KEN@example.com",
      "https://10.0.0.1/T0KEN",
      "T0KEN",
    ])
      expect(() => outboundPlace("webhookChannel: url", url), url).toThrow(
        /^webhookChannel: url must(?!.*T0KEN)/,
      );
  });

  it("takes addresses that are given out to be reached, and none of random ones that are inside", () => {
    for (const address of [PUBLIC, "8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001::1"])
      expect(isPublicAddress(address), address).toBe(true);
    const byte = fc.integer({ min: 0, max: 255 });
    const inside = fc.oneof(
      fc.tuple(fc.constantFrom(0, 10, 127), byte, byte, byte),
      fc.tuple(fc.constant(192), fc.constant(168), byte, byte),
      fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), byte, byte),
      fc.tuple(fc.constant(169), fc.constant(254), byte, byte),
      fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), byte, byte),
      fc.tuple(fc.integer({ min: 224, max: 255 }), byte, byte, byte),
    );
    fc.assert(
      fc.property(inside, (bytes) => {
        const address = bytes.join(".");
        expect(isPublicAddress(address)).toBe(false);
        expect(isPublicAddress(`::ffff:${address}`)).toBe(false);
      }),
    );
  });
});

describe("sending to a server that is no good", () => {
  const servers: { close(): unknown }[] = [];
  const sockets = new Set<Socket>();
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers) server.close();
  });
  const listen = async (talk: (socket: Socket) => void): Promise<string> => {
    const server = createTcpServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => {});
      talk(socket);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  };
  const post = (url: string, options = {}) =>
    postOutbound({ place: outboundPlace("test: url", url, true), headers: {}, body: "{}" }, options);

  it("gives up one that never answers", async () => {
    const url = await listen(() => {});
    await expect(post(url, { timeoutMs: 100 })).rejects.toThrow("no answer within 100 ms");
  });

  it("gives up one that sends a header byte by byte", async () => {
    const url = await listen((socket) => {
      const timer = setInterval(() => socket.write("H"), 10);
      socket.on("close", () => clearInterval(timer));
    });
    await expect(post(url, { timeoutMs: 150 })).rejects.toThrow();
  });

  it("gives up a resolver that never answers", async () => {
    const url = await listen(() => {});
    const place = outboundPlace("test: url", url.replace("127.0.0.1", "localhost"), true);
    const posting = postOutbound(
      { place, headers: {}, body: "{}" },
      { timeoutMs: 100, resolve: () => new Promise(() => {}) },
    );
    await expect(posting).rejects.toThrow("no answer within 100 ms");
  });

  it("follows no redirect", async () => {
    let hits = 0;
    const target = await listen(() => (hits += 1));
    const url = await listen((socket) =>
      socket.once("data", () =>
        socket.end(`HTTP/1.1 307 x\r\nlocation: ${target}\r\ncontent-length: 0\r\n\r\n`),
      ),
    );
    expect((await post(url)).status).toBe(307);
    expect(hits).toBe(0);
  });

  it("reads no more of an answer than its head, however long it is", async () => {
    let written = 0;
    const url = await listen((socket) =>
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        const chunk = Buffer.alloc(65_536);
        const more = () => {
          while (!socket.destroyed && written < 64 * 1_048_576) {
            written += chunk.length;
            if (!socket.write(chunk)) return;
          }
        };
        socket.on("drain", more);
        more();
      }),
    );
    expect((await post(url)).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(written).toBeLessThan(32 * 1_048_576);
  });

  it("takes no head that is too long", async () => {
    const url = await listen((socket) =>
      socket.once("data", () => socket.end(`HTTP/1.1 200 OK\r\nx: ${"y".repeat(100_000)}\r\n\r\n`)),
    );
    await expect(post(url)).rejects.toThrow();
  });
});

describe("sending over TLS", () => {
  it("trusts no certificate that nobody has vouched for, and nothing is sent then", async () => {
    const pair = certificate();
    if (pair === undefined) return;
    let requests = 0;
    const server = createTlsServer(pair, (_, answer) => {
      requests += 1;
      answer.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    // Local, so that the address is let through: the rest is as for any other place.
    const post = () => postOutbound({ place: { url, isLocal: true }, headers: {}, body: "{}" });
    await expect(post()).rejects.toThrow("self-signed");
    expect(requests).toBe(0);
    const before = getCACertificates("default");
    setDefaultCACertificates([pair.cert.toString()]);
    expect((await post()).status).toBe(200);
    setDefaultCACertificates(before);
    await new Promise((resolve) => server.close(resolve));
  });
});
