import { describe, expect, it } from "vitest";
import type { ScriptedAnswer } from "../../src/testing/index.ts";
import { scriptedProvider } from "../../src/testing/index.ts";
import { watch } from "../agent/support.ts";
import { ATTRIBUTES, asks, capture, contentOf, DETAILS, watchEvents } from "./content-support.ts";
import { clientsOf } from "./support.ts";

const told = watch();
const logged = watchEvents();

const ANSWER: ScriptedAnswer = {
  text: "canary answer",
  toolCalls: [{ id: "call_2", name: "weather", arguments: { city: "canary" } }],
};

const TOOL_CALL = { type: "tool_call", id: "call_1", name: "weather", arguments: { city: "canary" } };
const TOOL_RESULT = { type: "tool_call_response", id: "call_1", response: "canary result" };
const RULES = [{ type: "text", content: "canary rules" }];
const QUESTION = { role: "user", parts: [{ type: "text", content: "canary question" }] };

const SAID = {
  "gen_ai.output.messages": [
    {
      role: "assistant",
      parts: [
        { type: "text", content: "canary answer" },
        { type: "tool_call", id: "call_2", name: "weather", arguments: { city: "canary" } },
      ],
    },
  ],
  "gen_ai.tool.definitions": [{ type: "function", name: "weather" }],
};

const CONTENT: Readonly<Record<string, object>> = {
  "chat completions": {
    ...SAID,
    "gen_ai.input.messages": [
      { role: "system", parts: RULES },
      QUESTION,
      { role: "assistant", parts: [TOOL_CALL] },
      { role: "tool", parts: [TOOL_RESULT] },
    ],
  },
  responses: {
    ...SAID,
    "gen_ai.system_instructions": RULES,
    "gen_ai.input.messages": [
      QUESTION,
      { role: "assistant", parts: [TOOL_CALL] },
      { role: "tool", parts: [TOOL_RESULT] },
    ],
  },
  messages: {
    ...SAID,
    "gen_ai.system_instructions": RULES,
    "gen_ai.input.messages": [
      QUESTION,
      { role: "assistant", parts: [TOOL_CALL] },
      { role: "user", parts: [TOOL_RESULT] },
    ],
  },
};

function everything(): string {
  const events = logged.events.map(({ attributes, body, eventName }) => ({ attributes, body, eventName }));
  return JSON.stringify([told.spans.spans, told.records, told.warnings, events], (_, value) =>
    typeof value === "bigint" ? String(value) : value,
  );
}

describe.each(asks)("the text of %s", (name, ask) => {
  describe.each([false, true])("(stream: %s)", (stream) => {
    it("is nowhere by default", async () => {
      await using provider = await scriptedProvider({ respond: () => ANSWER });
      await ask(clientsOf(provider), stream);
      expect(told.records).toHaveLength(1);
      expect(everything()).not.toContain("canary");
      expect(everything()).not.toContain("weather");
      expect(logged.events).toEqual([]);
    });

    it("is on the span alone with SPAN_ONLY, as JSON in the conventions' shape", async () => {
      capture("SPAN_ONLY");
      await using provider = await scriptedProvider({ respond: () => ANSWER });
      await ask(clientsOf(provider), stream);
      expect(told.spans.spans).toHaveLength(1);
      expect(contentOf(told.spans.spans[0])).toEqual(CONTENT[name]);
      expect(logged.events).toEqual([]);
    });

    it("is in the event alone with EVENT_ONLY, as structured values beside the span's attributes", async () => {
      capture("EVENT_ONLY");
      await using provider = await scriptedProvider({ respond: () => ANSWER });
      await ask(clientsOf(provider), stream);
      const [span] = told.spans.spans;
      expect(contentOf(span)).toEqual({});
      expect(logged.events).toHaveLength(1);
      const [event] = logged.events;
      expect(event).toMatchObject({ eventName: DETAILS, severityNumber: 5, severityText: "DEBUG" });
      expect(event?.attributes).toEqual({ ...span?.attributes, ...CONTENT[name] });
      expect(event?.spanContext).toMatchObject({ traceId: span?.traceId, spanId: span?.spanId });
    });

    it("is in both with SPAN_AND_EVENT", async () => {
      capture("SPAN_AND_EVENT");
      await using provider = await scriptedProvider({ respond: () => ANSWER });
      await ask(clientsOf(provider), stream);
      expect(contentOf(told.spans.spans[0])).toEqual(CONTENT[name]);
      const attributes = logged.named(DETAILS)[0]?.attributes ?? {};
      expect(
        Object.fromEntries(ATTRIBUTES.flatMap((key) => (key in attributes ? [[key, attributes[key]]] : []))),
      ).toEqual(CONTENT[name]);
    });

    it("changes nothing that the caller sees", async () => {
      const seen: string[] = [];
      for (const mode of ["NO_CONTENT", "SPAN_AND_EVENT"] as const) {
        capture(mode);
        await using provider = await scriptedProvider({ respond: () => ANSWER, now: () => 0 });
        seen.push(JSON.stringify(await ask(clientsOf(provider), stream)));
      }
      expect(seen[1]).toBe(seen[0]);
    });
  });
});
