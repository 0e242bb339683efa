import { timingSafeEqual } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { TokenList } from "../../src/server/access/token-list.ts";
import { agentsRouter, type RouterOptions } from "../../src/server/index.ts";
import { served } from "./support/served.ts";

const READ = "reader-token-0123456789";
const OPERATE = "operator-token-0123456789";
const bearer = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };

/** Status of a GET and of a POST. */
async function statuses(options: RouterOptions, token: string | undefined) {
  const { ask, breakers } = served({}, { tokens: {}, ...options });
  breakers.get("writer");
  const read = await ask("health", { headers: bearer(token) });
  const operate = await ask("circuit-breakers/writer/reset", {
    method: "POST",
    headers: { "content-type": "application/json", ...bearer(token) },
  });
  return [read.status, operate.status];
}

const both = { tokens: { read: READ, operate: [OPERATE] } };
const onlyOperate = { tokens: { operate: OPERATE } };
const onlyRead = { tokens: { read: READ } };
const asksReads = { authorize: (_: Request, scope: string) => scope === "read" };

describe("who may ask", () => {
  it.each([
    ["nothing is set", {}, undefined, 200, 403],
    ["nothing is set, a token", {}, OPERATE, 200, 403],
    ["both tokens, none", both, undefined, 401, 401],
    ["both tokens, the one for reading", both, READ, 200, 403],
    ["both tokens, the one for operating", both, OPERATE, 200, 200],
    ["both tokens, a wrong one", both, `${OPERATE}x`, 401, 401],
    ["a token to operate, none", onlyOperate, undefined, 200, 401],
    ["a token to operate, that", onlyOperate, OPERATE, 200, 200],
    ["a token to operate, a wrong one", onlyOperate, READ, 200, 401],
    ["a token to read, none", onlyRead, undefined, 401, 403],
    ["a token to read, that", onlyRead, READ, 200, 403],
    ["authorize that allows reading", asksReads, undefined, 200, 403],
    ["authorize that refuses all", { authorize: () => false }, undefined, 403, 403],
    ["authorize that allows all, by a promise", { authorize: async () => true }, undefined, 200, 200],
    [
      "authorize that answers something else",
      { authorize: () => "yes" as unknown as boolean },
      undefined,
      403,
      403,
    ],
    ["authorize that throws", { authorize: () => Promise.reject(new Error("secret")) }, undefined, 503, 503],
    ["authorize and tokens, the right token", { ...both, authorize: () => false }, OPERATE, 200, 200],
    ["authorize and tokens, none", { ...both, authorize: () => true }, undefined, 200, 200],
    ["authorize and tokens, neither", { ...both, authorize: () => false }, undefined, 401, 401],
  ] satisfies [string, RouterOptions, string | undefined, number, number][])(
    "%s",
    async (_, options, token, read, operate) => {
      expect(await statuses(options, token)).toEqual([read, operate]);
    },
  );

  it("is said with every refusal of a POST that nobody may send yet", async () => {
    const { ask } = served({}, { tokens: {} });
    const { body } = await ask("circuit-breakers/writer/reset", { method: "POST" });
    expect(body.detail).toContain("agentsRouter({ tokens: { operate:");
  });

  it("is checked for each path and method: with no token, one to read, one to operate, and a wrong one", async () => {
    const { ask } = served({}, both);
    const { body } = await ask("openapi.json", { headers: bearer(READ) });
    const routes = Object.entries<Record<string, unknown>>(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [path.replace(/\{\w+\}/g, "x"), method.toUpperCase()] as const),
    );
    expect(routes.length).toBeGreaterThan(20);
    for (const [path, method] of routes) {
      const refused = async (token: string | undefined) => {
        const { status } = await served({}, { ...both, basePath: "/api/agents" }).router(
          new Request(`http://127.0.0.1${path}`, { method, headers: bearer(token) }),
        );
        return [401, 403].includes(status) ? status : 0;
      };
      const seen = [
        await refused(undefined),
        await refused(READ),
        await refused(OPERATE),
        await refused("x"),
      ];
      expect([path, seen]).toEqual([path, [401, method === "GET" ? 0 : 403, 0, 401]]);
    }
  });

  it("tells more than ten wrong tokens to wait, and still lets the right one pass", async () => {
    const { ask, clock } = served({}, both);
    const wrong = async () => (await ask("health", { headers: bearer("wrong-token-0123456789") })).status;
    for (let i = 0; i < 10; i++) expect(await wrong()).toBe(401);
    const refused = await ask("health", { headers: bearer("wrong-token-0123456789") });
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("6");
    expect((await ask("health", { headers: bearer(READ) })).status).toBe(200);
    clock.advance(6_000);
    expect(await wrong()).toBe(401);
    expect(await wrong()).toBe(429);
  });

  it("compares digests of one length, all of them, in constant time", () => {
    const equal = vi.fn<(a: Buffer, b: Buffer) => boolean>(timingSafeEqual);
    const tokens = new TokenList("tokens", [READ, OPERATE], equal);
    expect(tokens.has(READ)).toBe(true);
    expect(tokens.has("x")).toBe(false);
    expect(equal).toHaveBeenCalledTimes(4);
    expect(equal.mock.calls.flat().map(({ length }) => length)).toEqual(Array(8).fill(32));
  });

  it("takes no token that could be guessed, and does not show it", () => {
    expect(() => agentsRouter({ tokens: { operate: "hunter2" } })).toThrow(/16 to 512 visible ASCII/);
    expect(() => agentsRouter({ tokens: { operate: "hunter2" } })).not.toThrow(/hunter2/);
  });

  it.each([
    ["of another site", { origin: "https://evil.example" }],
    ["of no origin that can be named", { origin: "null" }],
    ["of another port", { origin: "http://127.0.0.1:81" }],
    ["of a host that begins alike", { origin: "http://127.0.0.1.evil.example" }],
    ["that says so", { "sec-fetch-site": "cross-site" }],
    ["of a site that is related", { "sec-fetch-site": "same-site" }],
  ])("refuses a POST from a page %s, the right token or not", async (_, headers) => {
    const { post, breakers } = served();
    breakers.get("writer").forceOpen();
    const { status, body } = await post("circuit-breakers/writer/reset", {}, headers);
    expect([status, body.type]).toEqual([403, "urn:agent-otel:problem:cross_origin"]);
    expect(breakers.get("writer").state).toBe("forced_open");
  });

  it("lets a page of its own pass", async () => {
    const { post, breakers } = served();
    breakers.get("writer");
    const headers = { origin: "http://127.0.0.1", "sec-fetch-site": "same-origin" };
    expect((await post("circuit-breakers/writer/reset", {}, headers)).status).toBe(200);
  });

  it("lets no other origin read, and sets no cookie", async () => {
    const { ask } = served();
    const { headers } = await ask("health", { headers: { origin: "https://evil.example" } });
    expect([...headers.keys()].filter((name) => /^access-control|^set-cookie/.test(name))).toEqual([]);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  });
});
