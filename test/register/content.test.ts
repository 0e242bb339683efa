import { describe, expect, it } from "vitest";
import { otlpSink } from "../pipeline/fixtures/otlp-sink.ts";
import { run } from "./run.ts";

const VARIABLE = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";

/** What went to the logs pipeline, as OTLP/JSON. */
async function runWithLogs(env: Readonly<Record<string, string>>, answer = {}, file = "app.mjs") {
  await using sink = await otlpSink();
  const ran = await run(file, {
    answer,
    env: {
      OTEL_LOGS_EXPORTER: "otlp",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      ...env,
    },
  });
  const logs = sink.requests.filter(({ path }) => path === "/v1/logs").map(({ body }) => body);
  return { ...ran, logs: logs.join("\n") };
}

describe("content under register", () => {
  it("is nowhere by default, on spans or in logs", async () => {
    const { code, spans, logs } = await runWithLogs({}, { text: "canary answer" });
    expect(code).toBe(0);
    expect(spans).toHaveLength(3);
    expect(JSON.stringify(spans) + logs).not.toMatch(/canary|hello/);
  });

  it("is on spans with SPAN_ONLY", async () => {
    const { spans, logs } = await runWithLogs({ [VARIABLE]: "SPAN_ONLY" }, { text: "canary answer" });
    const input = JSON.stringify([{ role: "user", parts: [{ type: "text", content: "hello" }] }]);
    const output = JSON.stringify([
      { role: "assistant", parts: [{ type: "text", content: "canary answer" }] },
    ]);
    expect(spans.map(({ attributes }) => attributes["gen_ai.input.messages"])).toEqual([input, input, input]);
    expect(spans.map(({ attributes }) => attributes["gen_ai.output.messages"])).toEqual([
      output,
      output,
      output,
    ]);
    expect(logs).toBe("");
  });

  it("is in structured log records with EVENT_ONLY", async () => {
    const { code, spans, logs } = await runWithLogs({ [VARIABLE]: "EVENT_ONLY" }, { text: "canary answer" });
    expect(code).toBe(0);
    expect(JSON.stringify(spans)).not.toMatch(/canary|hello/);
    expect(logs.match(/"eventName":"gen_ai.client.inference.operation.details"/g)).toHaveLength(3);
    expect(logs).toContain('"severityNumber":5');
    expect(logs).toContain('{"key":"content","value":{"stringValue":"canary answer"}}');
  });

  it("stops the program at its start where the variable has another value", async () => {
    const { code, diag } = await run("app.mjs", { env: { [VARIABLE]: "everything" } });
    expect(code).toBe(1);
    expect(diag.join("\n")).toContain(
      `${VARIABLE} must be one of NO_CONTENT, SPAN_ONLY, EVENT_ONLY, SPAN_AND_EVENT, got "everything"`,
    );
  });

  it("is off where the SDK is disabled, whatever the variable says", async () => {
    const { code } = await run("app.mjs", { env: { [VARIABLE]: "everything", OTEL_SDK_DISABLED: "true" } });
    expect(code).toBe(0);
  });
});

describe("a failed call under register", () => {
  it("is an exception event in the logs", async () => {
    const fail = { status: 400, message: "no such thing" };
    const { code, logs } = await runWithLogs({}, { fail }, "failing-call.mjs");
    expect(code).toBe(0);
    expect(logs.match(/"eventName":"gen_ai.client.operation.exception"/g)).toHaveLength(1);
    expect(logs).toContain('"severityNumber":13');
    expect(logs).toContain('{"key":"exception.type","value":{"stringValue":"BadRequestError"}}');
  });
});
