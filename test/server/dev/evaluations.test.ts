import { describe, expect, it } from "vitest";
import type { TraceDetail } from "../../../src/server/api/traces.ts";
import { runProgram } from "../../pipeline/fixtures/run-program.ts";
import { otlpSpan as otlpBody, sendSpan, startDev, workFolder } from "./fixtures/dev.ts";

const TIMEOUT = { timeout: 60_000 };
const RELEVANCE = { name: "relevance", score: 0.8, label: "relevant", explanation: "names the river" };
const TONE = { name: "tone", score: null, label: "polite", explanation: null };
const LENGTH = { name: "length", score: -1, label: null, explanation: null };

type Attributes = Parameters<typeof otlpBody>[1];

/** A span with more than the helper gives it. */
function otlpSpan(name: string, attributes: Attributes, more: object = {}): object {
  const body = otlpBody(name, attributes);
  Object.assign(body.resourceSpans[0]!.scopeSpans[0]!.spans[0]!, more);
  return body;
}

async function traceOf(url: string, traceId: string): Promise<TraceDetail> {
  return (await (await fetch(new URL(`api/agents/traces/${traceId}`, url))).json()) as TraceDetail;
}

async function evaluated(logsExporter: "otlp" | "none"): Promise<TraceDetail> {
  const { url, otlpUrl } = await startDev(workFolder());
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl, OTEL_LOGS_EXPORTER: logsExporter };
  using program = runProgram("evaluates.ts", [], env);
  const { stdout, diag } = await program.ended;
  expect(diag.filter((line) => !line.includes("writer finished"))).toEqual([]);
  return traceOf(url, stdout.trim());
}

describe("evaluations", () => {
  it.each(["otlp", "none"] as const)(
    "reach the page once each, with logs exporter %s",
    TIMEOUT,
    async (logs) => {
      const { span_list: spans, logs: lines } = await evaluated(logs);
      const writer = spans.find(({ name }) => name === "invoke_agent writer");
      const found = writer?.evaluations.map(({ time: _, response_id: __, ...rest }) => rest) ?? [];
      // Two of them may be of one millisecond.
      expect(found.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([LENGTH, RELEVANCE, TONE]);
      const others = spans.filter((span) => span !== writer);
      expect(others.map(({ name }) => name).toSorted()).toEqual(["evaluate length", "evaluate tone"]);
      expect(others.map(({ evaluates, evaluations }) => [evaluates, evaluations])).toEqual([
        [writer?.span_id, []],
        [writer?.span_id, []],
      ]);
      expect(lines.map(({ event_name }) => event_name)).toEqual(
        logs === "otlp" ? Array(3).fill("gen_ai.evaluation.result") : [],
      );
    },
  );

  it("of other SDKs do too, as events of their spans, and odd ones as far as they can be read", async () => {
    const { url, otlpUrl } = await startDev(workFolder());
    const event = (attributes: object[]) => ({
      name: "gen_ai.evaluation.result",
      timeUnixNano: "1",
      attributes,
    });
    const of = (key: string, value: object) => ({ key, value });
    const events = [
      event([
        of("gen_ai.evaluation.name", { stringValue: "faithful" }),
        of("gen_ai.evaluation.score.value", { intValue: "4" }),
      ]),
      event([
        of("gen_ai.evaluation.name", { stringValue: "odd" }),
        of("gen_ai.evaluation.score.value", { stringValue: "x" }),
      ]),
      event([of("gen_ai.evaluation.score.value", { doubleValue: 1 })]),
    ];
    const span = otlpSpan("chat gpt-5", { "gen_ai.operation.name": "chat" }, { events });
    expect((await sendSpan(otlpUrl, span)).status).toBe(200);
    const [shown] = (await traceOf(url, "0af7651916cd43dd8448eb211c80319c")).span_list;
    expect(shown?.evaluations.map(({ name, score }) => [name, score])).toEqual([
      ["faithful", 4],
      ["odd", null],
    ]);
  });

  it("that come a day later do not make the trace a day long", async () => {
    const { url, otlpUrl } = await startDev(workFolder());
    await sendSpan(otlpUrl, otlpSpan("work", {}));
    const before = await traceOf(url, "0af7651916cd43dd8448eb211c80319c");
    const later = String(BigInt(Date.now() + 86_400_000) * 1_000_000n);
    await sendSpan(
      otlpUrl,
      otlpSpan(
        "evaluate tone",
        { "gen_ai.evaluation.name": "tone" },
        {
          spanId: "00f067aa0ba902b7",
          parentSpanId: "b7ad6b7169203331",
          startTimeUnixNano: later,
          endTimeUnixNano: later,
        },
      ),
    );
    const after = await traceOf(url, "0af7651916cd43dd8448eb211c80319c");
    expect([after.spans, after.duration_ms]).toEqual([2, before.duration_ms]);
  });
});
