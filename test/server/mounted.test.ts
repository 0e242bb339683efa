import { spawn } from "node:child_process";
import { once } from "node:events";
import { get } from "node:http";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OPERATOR } from "./support/served.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

describe.each(["hono", "express", "node"])("the example with %s", (name) => {
  let base: string;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    const env = { ...process.env, OPERATOR_TOKEN: OPERATOR, OTEL_SDK_DISABLED: "true" };
    const child = spawn(process.execPath, [`examples/rest/${name}.ts`, "--port", "0"], {
      cwd: root,
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    stop = async () => {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    };
    const [line] = (await once(createInterface(child.stdout), "line")) as [string];
    base = line.replace(/^listening on /, "").replace(/health$/, "");
  });
  afterAll(() => stop());

  const reset = (headers: Record<string, string> = {}) =>
    fetch(`${base}circuit-breakers/researcher/reset`, {
      method: "POST",
      headers: { authorization: `Bearer ${OPERATOR}`, "content-type": "application/json", ...headers },
      body: '{"actor":"ann"}',
    });

  it("answers what its agents did", async () => {
    expect(await (await fetch(`${base}statistics`)).json()).toMatchObject({ total_requests: 3, failed: 1 });
    const detail = (await (await fetch(`${base}agents/researcher?period=hourly`)).json()) as object;
    expect(detail).toMatchObject({
      stats: { total_requests: 3, failed: 1 },
      usage: { calls: 3, tokens: 3_600 },
    });
  });

  it("resets a breaker for who has the token, on its own site", async () => {
    expect(await (await reset()).json()).toEqual({ name: "researcher", state: "closed" });
    expect((await reset({ authorization: "Bearer another-token-0123456" })).status).toBe(401);
    expect((await reset({ origin: "http://evil.example" })).status).toBe(403);
    expect((await reset({ "content-type": "text/plain" })).status).toBe(415);
    expect((await reset({ origin: new URL(base).origin })).status).toBe(200);
  });

  it("answers HEAD, other methods, other paths and bad parameters", async () => {
    expect((await fetch(`${base}health`, { method: "HEAD" })).status).toBe(200);
    const deleted = await fetch(`${base}health`, { method: "DELETE" });
    expect([deleted.status, deleted.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    expect((await fetch(`${base}nothing`)).status).toBe(404);
    expect((await fetch(`${base}token-stats?period=yearly`)).status).toBe(400);
    expect((await fetch(`${base}openapi.json`)).headers.get("content-security-policy")).toContain("'none'");
  });

  it("tells when it is asked to follow, and lets go of who has gone", async () => {
    for (let i = 0; i < 70; i++) {
      const request = get(`${base}live`);
      const [response] = (await once(request, "response")) as [import("node:http").IncomingMessage];
      expect(response.statusCode).toBe(200);
      const [chunk] = (await once(response, "data")) as [Buffer];
      expect(String(chunk)).toBe("retry: 3000\n\n");
      request.destroy();
      await once(request, "close");
    }
  });
});
