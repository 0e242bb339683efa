import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { agentsRouter } from "../../src/server/index.ts";
import { served } from "./support/served.ts";

const statusAt = async (app: { fetch: (request: Request) => Response | Promise<Response> }, path: string) =>
  (await app.fetch(new Request(`http://127.0.0.1${path}`))).status;

describe("agentsRouter", () => {
  it("is mounted by app.mount of Hono, which takes its path away", async () => {
    const app = new Hono().mount("/internal/agents", served({}, { basePath: "/" }).router);
    expect(await statusAt(app, "/internal/agents/health")).toBe(200);
    expect(await statusAt(app, "/internal/agents/nothing")).toBe(404);
  });

  it("answers below another path, and nowhere else", async () => {
    const { router } = served({}, { basePath: "/v1/agents/" });
    expect(await statusAt({ fetch: router }, "/v1/agents/health")).toBe(200);
    expect(await statusAt({ fetch: router }, "/api/agents/health")).toBe(404);
  });

  it.each([["api"], ["/a b"], ["/:id"], ["/*"], [7]])("refuses the base path %j", (basePath) => {
    expect(() => agentsRouter({ basePath: basePath as string })).toThrow(/basePath must be a path such as/);
  });

  it("refuses health rules that make no sense, and two queues of one name", () => {
    expect(() => agentsRouter({ health: { windowMs: 5 } })).toThrow(/windowMs must be/);
    const queue = { queue: { name: "mail" } } as never;
    expect(() => served({ deadLetters: [queue, queue] })).toThrow(/different names/);
  });
});
