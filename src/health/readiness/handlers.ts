import type { CheckResult } from "./check.ts";
import type { Readiness } from "./readiness.ts";

/** As Hono, Deno, Bun and Next.js have it. */
export type FetchHandler = (request: Request) => Promise<Response>;

/** For `/health`: the process is up and answers. It asks nobody, so that what others lack restarts no process. */
export function healthHandler(): FetchHandler {
  return async (request) => refused(request) ?? answer(request, 200, { status: "ok" });
}

/** For `/ready`: 200 where the program can work, also where something is degraded; 503 where what is required is not there. */
export function readyHandler(readiness: Pick<Readiness, "check">): FetchHandler {
  return async (request) => {
    const refusal = refused(request);
    if (refusal !== undefined) return refusal;
    const { status, checks, at } = await readiness.check();
    return answer(request, status === "failed" ? 503 : 200, {
      status,
      checked_at: at.toISOString(),
      checks: checks.map(rowOf),
    });
  };
}

function rowOf({ name, state, required, durationMs, error }: CheckResult) {
  return { name, state, required, duration_ms: durationMs, ...(error !== undefined && { error }) };
}

function refused({ method }: Request): Response | undefined {
  if (method === "GET" || method === "HEAD") return undefined;
  return new Response(null, { status: 405, headers: { allow: "GET, HEAD", "cache-control": "no-store" } });
}

function answer({ method }: Request, status: number, body: object): Response {
  const headers = {
    "content-type": "application/json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  };
  return new Response(method === "HEAD" ? null : JSON.stringify(body), { status, headers });
}
