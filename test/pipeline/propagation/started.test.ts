import { describe, expect, it } from "vitest";
import type { Propagated } from "../fixtures/propagates.ts";
import { runProgram } from "../fixtures/run-program.ts";

const TIMEOUT = { timeout: 60_000 };
const INCOMING = "a".repeat(32);

async function run(env: Readonly<Record<string, string>>): Promise<Propagated> {
  const quiet = { OTEL_TRACES_EXPORTER: "none", OTEL_METRICS_EXPORTER: "none", OTEL_LOG_LEVEL: "none" };
  const { stdout } = await runProgram("propagates.ts", [], { ...quiet, ...env }).ended;
  return JSON.parse(stdout) as Propagated;
}

describe("a program that start() has started", () => {
  it("tells a host that is not listed neither trace nor baggage", TIMEOUT, async () => {
    const { notListed } = await run({ AGENT_OTEL_PROPAGATE_TO: ".listed.example" });
    expect(Object.keys(notListed)).not.toEqual(expect.arrayContaining(["traceparent"]));
    expect(Object.keys(notListed)).not.toEqual(expect.arrayContaining(["baggage"]));
  });

  it("tells a host that is listed both", TIMEOUT, async () => {
    const { listed } = await run({ AGENT_OTEL_PROPAGATE_TO: ".listed.example" });
    expect(listed).toMatchObject({ traceparent: expect.any(String), baggage: "tenant=t-1" });
  });

  it("links an incoming trace, and begins one of its own", TIMEOUT, async () => {
    const { incoming } = await run({});
    expect(incoming.links).toEqual([INCOMING]);
    expect(incoming.traceId).not.toBe(INCOMING);
  });

  it("continues an incoming trace where it is told to trust it", TIMEOUT, async () => {
    const { incoming } = await run({ AGENT_OTEL_TRUST_INCOMING: "true" });
    expect(incoming).toEqual({ traceId: INCOMING, links: [] });
  });

  it("asks the user's redact function about what it records", TIMEOUT, async () => {
    expect((await run({})).failure).toBe("the [animal] bites");
  });
});
