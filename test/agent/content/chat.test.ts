import { describe, expect, it } from "vitest";
import { chat } from "../../../src/index.ts";
import { capture, contentOf, DETAILS, watchEvents } from "../../instrumentation/content-support.ts";
import { watch } from "../support.ts";

const told = watch();
const logged = watchEvents();
const MODEL = { provider: "mistral_ai", model: "m" };

const untouchable = new Proxy([], {
  get() {
    throw new Error("read");
  },
  has() {
    throw new Error("asked");
  },
});

describe("the text that chat() is told", () => {
  it("is not even looked at by default", () => {
    chat(MODEL, (call) => {
      call.input(untouchable);
      call.output(untouchable);
    });
    expect(told.warnings).toEqual([]);
    expect(contentOf(told.spans.get("chat m"))).toEqual({});
    expect(logged.events).toEqual([]);
  });

  it("is recorded from bare texts", async () => {
    capture("SPAN_ONLY");
    await chat(MODEL, async (call) => {
      call.input("why?");
      call.output("so");
    });
    expect(contentOf(told.spans.get("chat m"))).toEqual({
      "gen_ai.input.messages": [{ role: "user", parts: [{ type: "text", content: "why?" }] }],
      "gen_ai.output.messages": [{ role: "assistant", parts: [{ type: "text", content: "so" }] }],
    });
  });

  it("is recorded from messages with text or parts, with secrets redacted", () => {
    capture("EVENT_ONLY");
    chat(MODEL, (call) => {
      call.input([
        { role: "system", content: "be brief" },
        { role: "user", content: "my key is sk-proj-AbCdEfGh12345678" },
      ]);
      call.output([
        { role: "assistant", parts: [{ type: "tool_call", name: "go", arguments: { far: true } }] },
      ]);
    });
    expect(logged.named(DETAILS)[0]?.attributes).toMatchObject({
      "gen_ai.input.messages": [
        { role: "system", parts: [{ type: "text", content: "be brief" }] },
        { role: "user", parts: [{ type: "text", content: "my key is [redacted]" }] },
      ],
      "gen_ai.output.messages": [
        { role: "assistant", parts: [{ type: "tool_call", name: "go", arguments: { far: true } }] },
      ],
    });
  });

  it("is what it was when it was told, whatever the caller adds later", () => {
    capture("SPAN_ONLY");
    const messages = [{ role: "user", content: "why?" }];
    chat(MODEL, (call) => {
      call.input(messages);
      messages.push({ role: "user", content: "later" });
    });
    expect(contentOf(told.spans.get("chat m"))["gen_ai.input.messages"]).toHaveLength(1);
  });

  it("costs only itself when it cannot be read, with one warning", () => {
    capture("SPAN_AND_EVENT");
    for (let i = 0; i < 3; i++) {
      const answer = chat(MODEL, (call) => {
        call.input(untouchable);
        call.output("so");
        return "answer";
      });
      expect(answer).toBe("answer");
    }
    expect(told.records.map(({ errorType }) => errorType)).toEqual([undefined, undefined, undefined]);
    expect(told.warnings).toHaveLength(1);
    expect(contentOf(told.spans.all("chat m")[0])).toEqual({
      "gen_ai.output.messages": [{ role: "assistant", parts: [{ type: "text", content: "so" }] }],
    });
  });

  it("is not recorded for embeddings", () => {
    capture("SPAN_AND_EVENT");
    chat({ ...MODEL, operation: "embeddings" }, (call) => call.input("a text"));
    expect(contentOf(told.spans.get("embeddings m"))).toEqual({});
    expect(logged.events).toEqual([]);
  });
});
