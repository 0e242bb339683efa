import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { circuitBreaker } from "../../src/resilience/circuit-breaker.ts";
import { costGuard } from "../../src/spend/cost-guard.ts";
import { seed, served } from "./support/served.ts";
import { failures, stored, TRACE_ID, traces } from "./support/sources.ts";

interface Operation {
  readonly summary?: string;
  readonly parameters?: readonly { readonly name: string; readonly description?: string }[];
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, unknown>> }>>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const READS = [
  ["token-stats", "token-stats"],
  ["token-stats?by=model&period=monthly", "token-stats"],
  ["token-stats/trend", "token-stats/trend"],
  ["costs/what-if?model=gpt-4o-mini", "costs/what-if"],
  ["statistics?period=hourly", "statistics"],
  ["metrics", "metrics"],
  ["metrics/trend?days=90", "metrics/trend"],
  ["metrics/errors?period=weekly", "metrics/errors"],
  ["metrics/interactions", "metrics/interactions"],
  ["health", "health"],
  ["agents", "agents"],
  ["agents/writer?period=hourly", "agents/{agent}"],
  ["circuit-breakers", "circuit-breakers"],
  ["budgets", "budgets"],
  ["memory/stats", "memory/stats"],
  ["ledger?limit=1", "ledger"],
  ["dead-letters", "dead-letters"],
  ["traces?from=2026-11-01&failed=true&min_cost_usd=0.001", "traces"],
  [`traces/${TRACE_ID}`, "traces/{trace_id}"],
  ["failures?agent=writer", "failures"],
  ["openapi.json", "openapi.json"],
] as const;

const PROBLEMS = [
  ["token-stats?period=yearly", "token-stats", 400],
  ["agents/nobody", "agents/{agent}", 404],
  ["traces?cursor=of-my-own", "traces", 400],
] as const;

describe("openapi.json", () => {
  let folder: string;
  let parts: ReturnType<typeof stored>;
  let server: ReturnType<typeof served>;
  let document: Document;
  let letterId: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "agent-otel-"));
    parts = stored(folder);
    const { ledger, queue } = parts;
    server = served({ ledger, traces, failures, deadLetters: [{ queue, handler: () => "done" }] });
    seed(server.calls);
    circuitBreaker({ name: "writer", registry: server.breakers, ledger }).forceOpen({ actor: "ann" });
    circuitBreaker({ name: "writer", registry: server.breakers, ledger }).reset({ actor: "ann" });
    await spendOnGuard(server);
    const letter = await queue.add({ taskType: "send", payload: {}, error: new Error("no"), attempts: 3 });
    letterId = letter.id;
    document = (await server.ask("openapi.json")).body;
  });
  afterAll(async () => {
    await parts.close();
    await rm(folder, { recursive: true, force: true });
  });

  const check = (path: string, method: string, status: number, type: string, body: unknown) => {
    const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { "date-time": ISO, date: DAY } });
    ajv.addSchema(document, "doc");
    const pointer = [
      "paths",
      `/api/agents/${path}`,
      method,
      "responses",
      String(status),
      "content",
      type,
      "schema",
    ];
    const ref = `doc#/${pointer.map((part) => encodeURIComponent(part.replace(/~/g, "~0").replace(/\//g, "~1"))).join("/")}`;
    const validate = ajv.compile({ $ref: ref });
    validate(body);
    expect(validate.errors ?? []).toEqual([]);
  };

  it("is OpenAPI 3.1 with a description of each parameter and a summary of each operation", () => {
    expect(document.openapi).toBe("3.1.0");
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    expect(operations.filter(({ summary }) => summary === undefined)).toEqual([]);
    const parameters = operations.flatMap(({ parameters = [] }) => parameters);
    expect(parameters.length).toBeGreaterThan(30);
    expect(parameters.filter(({ description }) => !description)).toEqual([]);
  });

  it("has each endpoint that is tested here, and no other", () => {
    const tested = [...READS.map(([, path]) => path), ...WRITES, "live"].map((path) => `/api/agents/${path}`);
    expect(Object.keys(document.paths).sort()).toEqual([...new Set(tested)].sort());
  });

  it.each(READS)("is what GET %s answers", async (asked, path) => {
    const { status, body } = await server.ask(asked);
    expect(status).toBe(200);
    check(path, "get", 200, "application/json", body);
  });

  it.each(PROBLEMS)("is what GET %s answers, a problem", async (asked, path, status) => {
    const answer = await server.ask(asked);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    check(path, "get", status, "application/problem+json", answer.body);
  });

  it("is what a reset of a breaker, a replay and a resolution answer", async () => {
    const reset = await server.post("circuit-breakers/writer/reset");
    check("circuit-breakers/{agent_id}/reset", "post", 200, "application/json", reset.body);
    const replay = await server.post(`dead-letters/mail/${letterId}/replay`);
    check("dead-letters/{queue}/{id}/replay", "post", 200, "application/json", replay.body);
    expect(replay.body.outcome).toBe("succeeded");
    const resolved = await server.post(`dead-letters/mail/${letterId}/resolve`, { resolution: "seen" });
    check("dead-letters/{queue}/{id}/resolve", "post", 200, "application/json", resolved.body);
    expect(resolved.body.resolved).toBe(false);
  });

  it("has paths below another base path", async () => {
    const { router } = served({}, { basePath: "/" });
    const answer = await router(new Request("http://127.0.0.1/openapi.json"));
    expect(Object.keys(((await answer.json()) as Document).paths)).toContain("/health");
  });
});

const WRITES = [
  "circuit-breakers/{agent_id}/reset",
  "dead-letters/{queue}/{id}/replay",
  "dead-letters/{queue}/{id}/resolve",
];
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const DAY = /^\d{4}-\d\d-\d\d$/;

async function spendOnGuard({ metrics, clock }: ReturnType<typeof served>): Promise<void> {
  const guard = costGuard({ name: "desk", perRequestUsd: 1, hourlyUsd: 2, metrics, clock });
  await (await guard.reserve(0.5)).settle(0.25);
  kept.push(guard);
}
/** A guard that nobody has any more tells nothing. */
const kept: unknown[] = [];
