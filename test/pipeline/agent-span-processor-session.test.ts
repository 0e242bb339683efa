import { context, trace } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { session } from "../../src/agent/session.ts";
import { agentSpanProcessor } from "../../src/pipeline/agent-span-processor.ts";
import { SpanRecorder } from "../../src/testing/span-recorder.ts";

let recorder: SpanRecorder;
beforeEach(() => {
  recorder = new SpanRecorder({ spanProcessors: [agentSpanProcessor()] });
});
afterEach(() => recorder.stop());

const startSpan = (name: string, attributes = {}) =>
  trace.getTracer("somebody else").startSpan(name, { attributes });

describe("spans of other instrumentations inside a session", () => {
  it("carry conversation, user and tags: model calls and others", () => {
    session({ conversation: "c-1", user: "u-1", tags: ["beta"] }, () => {
      const chat = startSpan("chat gpt-5", { "gen_ai.operation.name": "chat" });
      context.with(trace.setSpan(context.active(), chat), () => startSpan("POST").end());
      chat.end();
    });
    for (const name of ["chat gpt-5", "POST"])
      expect(recorder.get(name).attributes).toMatchObject({
        "gen_ai.conversation.id": "c-1",
        "user.id": "u-1",
        "agents.session.tags": ["beta"],
      });
  });

  it("keep what they say themselves", () => {
    session({ conversation: "c-1", user: "u-1" }, () => startSpan("mine", { "user.id": "u-9" }).end());
    expect(recorder.get("mine").attributes).toEqual({ "user.id": "u-9", "gen_ai.conversation.id": "c-1" });
  });

  it("outside of one stay as they are", () => {
    startSpan("plain").end();
    expect(recorder.get("plain").attributes).toEqual({});
  });
});
