import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { trace } from "@opentelemetry/api";
import { expect, it, onTestFinished } from "vitest";
import { escalateFallback } from "../../../src/resilience/fallback/escalate-fallback.ts";
import { sqliteLedger } from "../../../src/stores/sqlite/sqlite-ledger.ts";
import { SpanRecorder } from "../../../src/testing/index.ts";
import { ask } from "./support.ts";

it("writes an escalation, with its ticket and trace, to a real ledger before the human is told", async () => {
  const directory = await mkdtemp(join(tmpdir(), "escalation-"));
  const ledger = sqliteLedger({ path: join(directory, "ledger.db") });
  const recorder = new SpanRecorder();
  onTestFinished(async () => {
    recorder.stop();
    await ledger.close();
    await rm(directory, { recursive: true });
  });
  const seen = Promise.withResolvers<unknown>();
  const escalate = escalateFallback(() => seen.resolve(ledger.read({ kind: "escalation" })), { ledger });
  const answer = await trace.getTracer("test").startActiveSpan("request", async (span) => {
    const result = await ask(escalate, { args: [{ query: "storms" }] });
    span.end();
    return result;
  });
  expect(await seen.promise).toMatchObject([
    {
      kind: "escalation",
      subject: "researcher",
      cause: "boom",
      errorType: "Error",
      payload: { ticket: answer?.ticket },
      traceId: recorder.spans[0]?.traceId,
    },
  ]);
});
