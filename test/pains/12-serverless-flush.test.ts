import { expect, it } from "vitest";
import { otlpSink } from "../pipeline/fixtures/otlp-sink.ts";
import { runProgram } from "../pipeline/fixtures/run-program.ts";

// The first message of a session is never traced: the platform freezes the function when its answer is out, with the spans in it.

const PROGRAM = new URL("fixtures/serverless.ts", import.meta.url).href;

async function firstRequest(waits: string, answers: "ok" | "hang" = "ok") {
  await using sink = await otlpSink(answers);
  using program = runProgram(PROGRAM, [waits], {
    OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_BSP_SCHEDULE_DELAY: "3600000",
    OTEL_METRIC_EXPORT_INTERVAL: "3600000",
  });
  const { signal, stdout, tookMs } = await program.ended;
  expect([signal, stdout]).toEqual(["SIGKILL", "hello\n"]);
  const metrics = sink.requests.filter(({ path }) => path.endsWith("/v1/metrics"));
  return { spans: sink.spanNames(), metrics: metrics.map(({ body }) => body).join(), tookMs };
}

it("with waitUntil all of the first request is out before the freeze, its cost too", async () => {
  const { spans, metrics } = await firstRequest("waits");
  expect(spans).toEqual(["chat gpt-4o-mini", "invoke_agent chatbot"]);
  expect(metrics).toContain("agents.cost");
});

it("would be seen to be lost: without it nothing of the first request arrives", async () => {
  const { spans, metrics } = await firstRequest("does not wait");
  expect([spans, metrics]).toEqual([[], ""]);
});

it("a collector that hangs holds the platform for some seconds at most", async () => {
  expect((await firstRequest("waits", "hang")).tookMs).toBeLessThan(9_500);
}, 30_000);
