import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import type { AgentsRouter } from "../../src/server/index.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { fuzzedRequest, requestOf } from "./support/fuzz-request.ts";
import { OPERATOR, seed, served } from "./support/served.ts";
import { failures, stored, traces } from "./support/sources.ts";

const REQUESTS = 10_000;
const SEED = 20_261_119;
const STACK = /\n\s+at |node:internal|\.ts:\d|\.js:\d|node_modules|ZodError|SQLITE/;

describe("the REST surface", () => {
  it(`answers ${REQUESTS} requests that are all sorts of wrong without a 5xx or a stack trace`, async () => {
    const { ledger, queue, close } = stored(await temporaryFolder());
    onTestFinished(close);
    const server = served({ ledger, traces, failures, deadLetters: [{ queue, handler: () => "done" }] });
    seed(server.calls);
    server.breakers.get("writer");
    await queue.add({ key: "x", taskType: "send", payload: {}, error: new Error("no"), attempts: 1 });
    const { made, seen, wrong } = await fuzz(server.router, REQUESTS);
    expect(wrong).toEqual([]);
    expect(made).toBe(REQUESTS);
    // It has been where the work is done, and not only at the door.
    for (const status of [200, 400, 403, 404, 405, 413, 415])
      expect(seen.get(status), `answers of ${status}`).toBeGreaterThan(0);
  });

  it("would be seen to fail: with a source that throws there are wrong answers", async () => {
    const { sources } = served();
    const rows = () => Promise.reject(new Error("no rows"));
    const { wrong } = await fuzz(served({}, { sources: { ...sources, rollups: { rows } } }).router, 500);
    expect(wrong.length).toBeGreaterThan(20);
  });
});

async function fuzz(router: AgentsRouter, requests: number) {
  const seen = new Map<number, number>();
  const wrong: string[] = [];
  let made = 0;
  for (const fuzzed of fc.sample(fuzzedRequest, { numRuns: requests * 2, seed: SEED })) {
    if (made === requests) break;
    const request = requestOf(fuzzed, OPERATOR);
    if (request === undefined) continue;
    made += 1;
    const response = await router(request);
    seen.set(response.status, (seen.get(response.status) ?? 0) + 1);
    const text = isFeed(response) ? "" : await response.text();
    if (isFeed(response)) await response.body?.cancel();
    const what = wrongWith(request, response, text);
    if (what !== undefined) wrong.push(`${what}: ${JSON.stringify(fuzzed).slice(0, 2_000)}`);
  }
  return { made, seen, wrong };
}

function isFeed(response: Response): boolean {
  return response.headers.get("content-type") === "text/event-stream";
}

/** What an answer must not be, if it is that. */
function wrongWith(request: Request, response: Response, text: string): string | undefined {
  const { status, headers } = response;
  if (status >= 500) return `a ${status}`;
  if (STACK.test(text)) return "a stack trace";
  if (headers.get("x-content-type-options") !== "nosniff") return "no safe headers";
  if (status < 400 || request.method === "HEAD") return undefined;
  if (headers.get("content-type") !== "application/problem+json") return "no problem";
  return JSON.parse(text).status === status ? undefined : "a problem with another status";
}
