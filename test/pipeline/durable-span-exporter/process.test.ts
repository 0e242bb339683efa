import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { spanIds } from "../../faults/programs/span-ids.ts";
import { refusingUrl } from "../fixtures/otlp-sink.ts";
import { runProgram } from "../fixtures/run-program.ts";
import { spanSink } from "./span-sink.ts";

const TIMEOUT = { timeout: 60_000 };

const ENDINGS: readonly (readonly [string, number | null])[] = [
  ["nothing left to do", 0],
  ["process.exit()", 0],
  ["an uncaught exception", 1],
  ["an unhandled rejection", 1],
  ["shutdown()", 0],
  ["process.exit() in a shutdown", 0],
  ["SIGTERM", null],
];

describe("a program with a spool that cannot reach its receiver", () => {
  it.each(ENDINGS)("ending with %s leaves its spans to the next one", TIMEOUT, async (ending, code) => {
    await using folder = await temporaryFolder();
    const spool = { AGENT_OTEL_SPOOL_DIR: join(folder.path, "spool"), OTEL_METRICS_EXPORTER: "none" };
    const dead = { ...spool, OTEL_EXPORTER_OTLP_ENDPOINT: await refusingUrl() };
    expect((await runProgram("spooled-span.ts", [ending], dead).ended).code).toBe(code);
    await using sink = await spanSink();
    await runProgram("spooled-span.ts", [], { ...spool, OTEL_EXPORTER_OTLP_ENDPOINT: sink.url }).ended;
    expect(sink.bodies.flatMap((body) => [...spanIds(body)])).toHaveLength(6);
  });
});

describe("a program without a spool that cannot reach its receiver", () => {
  it("ends at once, and says what is lost", TIMEOUT, async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: await refusingUrl(), OTEL_METRICS_EXPORTER: "none" };
    const { code, diag } = await runProgram("spooled-span.ts", ["nothing left to do"], env).ended;
    expect(code).toBe(0);
    expect(diag).toEqual([
      expect.stringContaining("spans do not reach"),
      expect.stringContaining("are lost (shutdown: 3 at first)"),
    ]);
  });
});

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), "agent-otel-spool-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
