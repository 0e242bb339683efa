import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { VERSION } from "../../../../src/internal/version.ts";
import { httpSender } from "../../../../src/pipeline/durable-span-exporter/send/http-sender.ts";
import { answer, frameOf, type RawRequest, rawServer, sendTo } from "./support.ts";

const ok = answer("200 OK");

type Options = Omit<Parameters<typeof httpSender>[0], "url">;

/** What the server gets for one frame. */
async function requestOf(options: Options, frame = frameOf(), path = ""): Promise<RawRequest> {
  await using server = await rawServer((_, socket) => void socket.write(ok));
  const sender = httpSender({ url: server.url + path, ...options });
  await sendTo(sender, frame);
  sender.close();
  return server.requests[0]!;
}

describe("a request", () => {
  it("is posted to the URL as it stands, query included", async () => {
    const { head } = await requestOf({}, frameOf(), "/x?key=1");
    expect(head.split("\r\n")[0]).toBe("POST /v1/traces/x?key=1 HTTP/1.1");
  });

  it("carries the frame's bytes and says that they are protobuf", async () => {
    const { head, body } = await requestOf({}, frameOf("bytes"));
    expect(body.toString()).toBe("bytes");
    expect(head).toContain("content-type: application/x-protobuf");
    expect(head).not.toContain("content-encoding");
  });

  it("says gzip where the frame is packed", async () => {
    const { head } = await requestOf({}, frameOf(gzipSync("bytes"), { gzip: true }));
    expect(head).toContain("content-encoding: gzip");
  });

  it("names this package as the user agent", async () => {
    expect((await requestOf({})).head).toContain(`user-agent: agent-otel/${VERSION}`);
  });

  it("lets the user name another user agent", async () => {
    const { head } = await requestOf({ headers: { "User-Agent": "mine/1" } });
    expect(head.match(/user-agent: .*/gi)).toEqual(["user-agent: mine/1"]);
  });

  it("carries the user's headers", async () => {
    expect((await requestOf({ headers: { "X-Team": "blue" } })).head).toContain("x-team: blue");
  });

  it("leaves out headers that would change what body and connection are", async () => {
    const headers = {
      "Content-Length": "1",
      "Transfer-Encoding": "chunked",
      Connection: "close",
      Expect: "x",
    };
    const { head, body } = await requestOf({ headers });
    expect(head).not.toMatch(/chunked|expect|close|content-length: 1\b/i);
    expect(body.toString()).toBe("spans");
  });

  it("asks a function for the headers of each request", async () => {
    await using server = await rawServer((_, socket) => void socket.write(ok));
    let asked = 0;
    const sender = httpSender({ url: server.url, headers: async () => ({ "x-nth": String(++asked) }) });
    await sendTo(sender);
    await sendTo(sender);
    sender.close();
    expect(server.requests.map(({ head }) => /x-nth: (\d)/.exec(head)?.[1])).toEqual(["1", "2"]);
  });

  it("carries user and password of the URL as Basic", async () => {
    await using server = await rawServer((_, socket) => void socket.write(ok));
    const sender = httpSender({ url: server.url.replace("//", "//me:pa%20ss@") });
    await sendTo(sender);
    sender.close();
    const basic = Buffer.from("me:pa ss").toString("base64");
    expect(server.requests[0]!.head).toContain(`Authorization: Basic ${basic}`);
  });
});

describe("a request that is too large", () => {
  it("is not sent", async () => {
    await using server = await rawServer((_, socket) => void socket.write(ok));
    const sender = httpSender({ url: server.url, maxRequestBytes: 10 });
    const outcome = await sendTo(sender, frameOf(Buffer.alloc(11)));
    expect(outcome).toEqual({ kind: "too_large", why: "11 bytes, and at most 10 are sent" });
    expect(server.connections).toBe(0);
  });

  it("is one above the limit, not at it", async () => {
    await using server = await rawServer((_, socket) => void socket.write(ok));
    const sender = httpSender({ url: server.url, maxRequestBytes: 10 });
    expect((await sendTo(sender, frameOf(Buffer.alloc(10)))).kind).toBe("delivered");
    sender.close();
  });

  it("is one of more than 64 MiB by default", async () => {
    await using server = await rawServer((_, socket) => void socket.write(ok));
    const sender = httpSender({ url: server.url });
    const over = { body: Buffer.alloc(64 * 2 ** 20 + 1), gzip: false, spans: 1, createdMs: 0 };
    expect((await sendTo(sender, over)).kind).toBe("too_large");
    expect(server.connections).toBe(0);
  });

  it("is measured unpacked, as the receiver will", async () => {
    const packed = frameOf(gzipSync(Buffer.alloc(2_000)), { gzip: true });
    const sender = httpSender({ url: "http://127.0.0.1:1/", maxRequestBytes: 1_999 });
    expect((await sendTo(sender, packed)).kind).toBe("too_large");
  });
});

describe("headers that cannot be had", () => {
  it.each([
    [
      "throws",
      () => {
        throw new TypeError("secret-canary");
      },
      "TypeError",
    ],
    ["rejects", () => Promise.reject(new RangeError("secret-canary")), "RangeError"],
    ["rejects with no error", () => Promise.reject("secret-canary"), "string"],
    ["gives a value with a line break", () => ({ "x-key": "secret-canary\r\nx: y" }), "TypeError"],
    ["gives a value that is no text", () => ({ "x-key": 7 as unknown as string }), "TypeError"],
    ["gives a name with a blank", () => ({ "x key": "secret-canary" }), "TypeError"],
  ])("make the outcome a retry where the function %s", async (_, headers, name) => {
    const sender = httpSender({ url: "http://127.0.0.1:1/", headers });
    const outcome = await sendTo(sender);
    expect(outcome).toEqual({ kind: "retry", why: `the headers could not be had: ${name}` });
  });

  it("make the outcome a retry where the function never settles", async () => {
    const headers = () => new Promise<Record<string, string>>(() => {});
    const sender = httpSender({ url: "http://127.0.0.1:1/", headers, timeoutMs: 20 });
    expect(await sendTo(sender)).toEqual({ kind: "retry", why: "no answer in time" });
  });
});

describe("a request that cannot be made", () => {
  it("is a retry where the clock throws, and nobody sees the exception", async () => {
    const now = () => {
      throw new Error("secret-canary");
    };
    await using server = await rawServer((_, socket) => void socket.write(ok));
    const sender = httpSender({ url: server.url, clock: { now, monotonic: now } });
    expect(await sendTo(sender)).toEqual({ kind: "retry", why: "the request could not be made" });
    sender.close();
  });

  it("is a retry where the error of the headers function throws when it is looked at", async () => {
    const error = Object.defineProperty(new Error("secret-canary"), "name", {
      get() {
        throw new Error("secret-canary");
      },
    });
    const sender = httpSender({ url: "http://127.0.0.1:1/", headers: () => Promise.reject(error) });
    expect(await sendTo(sender)).toEqual({ kind: "retry", why: "the request could not be made" });
  });
});

describe("wrong options", () => {
  const url = "http://127.0.0.1:1/";
  it.each([
    ["a URL that is none", { url: "nowhere?key=canary" }, 'got "nowhere?***"'],
    ["another protocol", { url: "ftp://u:canary@h/" }, 'got "ftp://***@h/"'],
    [
      "a header's value",
      { url, headers: { "x-a": "canary\n" } },
      'header "x-a" cannot be sent (value not shown)',
    ],
    ["a time of 0", { url, timeoutMs: 0 }, "timeoutMs must be a whole number from 1 to 2147483647, got 0"],
    ["a time that no timer can wait", { url, timeoutMs: 2 ** 31 }, "timeoutMs must be"],
    ["no connection", { url, maxInFlight: 0 }, "maxInFlight must be"],
    [
      "a certificate that is none",
      { url: "https://h/", certificates: { ca: Buffer.from("canary") } },
      "no PEM",
    ],
    ["a password that cannot be read", { url: "http://u:canary%zz@h/" }, "user or password"],
  ])("fail when the sender is built: %s", (_, options, message) => {
    const build = () => httpSender(options);
    expect(build).toThrow(message);
    expect(build).not.toThrow("canary");
  });
});
