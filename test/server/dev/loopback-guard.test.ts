import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loopbackGuard } from "../../../src/server/dev/loopback-guard.ts";

const PORT = 4319;
const guard = loopbackGuard({ port: PORT, ownPages: true });
const receiver = loopbackGuard({ port: 4318, ownPages: false });

function request(headers: Readonly<Record<string, string>>): Request {
  const request = new Request("http://127.0.0.1:4319/api/agents/health");
  // What a server is handed has these; `new Request` keeps some of them out.
  Object.defineProperty(request, "headers", { value: new Headers(headers) });
  return request;
}

const OWN_HOSTS = ["127.0.0.1:4319", "localhost:4319", "LOCALHOST:4319", "[::1]:4319"];

const HOSTILE_HOSTS = [
  "",
  "localhost",
  "127.0.0.1",
  "localhost:4318",
  "localhost:80",
  "127.0.0.1:4319.evil.example",
  "localhost.evil.example:4319",
  "evil.example:4319",
  "evil.example",
  "127.0.0.1:4319@evil.example",
  "0.0.0.0:4319",
  "127.1:4319",
  "2130706433:4319",
  "0x7f000001:4319",
  "127.0.0.1.nip.io:4319",
  "[::ffff:127.0.0.1]:4319",
  "[::]:4319",
  "192.168.0.1:4319",
  "localhost:4319,evil.example",
  "localhost.:4319",
];

const HOSTILE_ORIGINS = [
  "null",
  "http://evil.example",
  "https://127.0.0.1:4319",
  "http://127.0.0.1",
  "http://127.0.0.1:4318",
  "http://127.0.0.1:3000",
  "http://localhost:3000",
  "http://localhost:4319.evil.example",
  "http://evil.example:4319",
  "file://",
  "chrome-extension://abcdef",
  "http://user@localhost:4319",
  "http://localhost:4319/",
  "http://0.0.0.0:4319",
];

const HOSTILE_SITES = ["cross-site", "same-site", "", "evil", "Cross-Site"];

describe("the guard of what listens on loopback", () => {
  it.each(OWN_HOSTS)("lets a program in that asks for %s", (host) => {
    expect(guard(request({ host }))).toBeUndefined();
  });

  it("lets its own page in", () => {
    const headers = {
      host: "localhost:4319",
      origin: "http://localhost:4319",
      "sec-fetch-site": "same-origin",
    };
    expect(guard(request(headers))).toBeUndefined();
  });

  it("lets in what is typed into the browser", () => {
    expect(guard(request({ host: "127.0.0.1:4319", "sec-fetch-site": "none" }))).toBeUndefined();
  });

  it("lets none of 2,000 hostile combinations of Host, Origin and Sec-Fetch-Site in", () => {
    let tried = 0;
    const hostile = fc
      .record({
        host: fc.oneof(fc.constantFrom(...OWN_HOSTS), fc.constantFrom(...HOSTILE_HOSTS)),
        origin: fc.option(fc.constantFrom("http://localhost:4319", ...HOSTILE_ORIGINS), { nil: undefined }),
        site: fc.option(fc.constantFrom("same-origin", "none", ...HOSTILE_SITES), { nil: undefined }),
      })
      .filter(
        ({ host, origin, site }) =>
          HOSTILE_HOSTS.includes(host) ||
          (origin !== undefined && HOSTILE_ORIGINS.includes(origin)) ||
          (site !== undefined && HOSTILE_SITES.includes(site)),
      );
    fc.assert(
      fc.property(hostile, ({ host, origin, site }) => {
        tried += 1;
        const headers = {
          host,
          ...(origin !== undefined && { origin }),
          ...(site !== undefined && { "sec-fetch-site": site }),
        };
        expect([421, 403]).toContain(guard(request(headers))?.status);
      }),
      { numRuns: 2_000 },
    );
    expect(tried).toBeGreaterThanOrEqual(2_000);
  });

  it("refuses a request without a Host", () => {
    expect(guard(request({}))?.status).toBe(421);
  });

  it("answers with the names under which it may be reached, and with nothing of the request", async () => {
    const answer = guard(request({ host: "<script>.evil.example" }));
    const text = (await answer?.text()) ?? "";
    expect(text).toContain("127.0.0.1:4319");
    expect(text).not.toContain("evil");
  });

  it("lets no page at all send telemetry, not even its own", () => {
    const headers = {
      host: "localhost:4318",
      origin: "http://localhost:4318",
      "sec-fetch-site": "same-origin",
    };
    expect(receiver(request(headers))?.status).toBe(403);
  });

  it("lets in who asks for a name that was allowed", () => {
    const named = loopbackGuard({ port: 4318, ownPages: false, allowHosts: ["host.docker.internal"] });
    expect(named(request({ host: "host.docker.internal:4318" }))).toBeUndefined();
  });
});
