import { SpanStatusCode } from "@opentelemetry/api";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { describe, expect, it } from "vitest";
import { formatTrace } from "../../src/telemetry/format-trace.ts";
import { agent, model, span } from "./format-trace-spans.ts";

const failed = { code: SpanStatusCode.ERROR, message: "429 Too Many Requests" };

/** Without the head line, for tests that are about the tree. */
function tree(text: string): string {
  return text.split("\n").slice(2).join("\n");
}

describe("formatTrace", () => {
  it("prints tree, times, tokens, costs and errors in columns", () => {
    const spans = [
      span(1, "invoke_workflow article", { ms: 8412, attributes: agent(14, 12_034, 0.0403) }),
      span(2, "invoke_agent researcher", { parent: 1, at: 2, ms: 3100, attributes: agent(1, 1290, 0.0032) }),
      span(3, "chat gpt-5-mini", {
        parent: 2,
        at: 5,
        ms: 1040,
        attributes: {
          ...model(1200, 90, 0.0032),
          "gen_ai.usage.cache_read.input_tokens": 800,
          "gen_ai.usage.reasoning.output_tokens": 64,
        },
      }),
      span(4, "execute_tool search", { parent: 2, at: 1050, ms: 320 }),
      span(5, "chat gpt-5-nano", { parent: 2, at: 1400, ms: 640, attributes: model(2100, 180, 0.000041) }),
      span(6, "chat llama", { parent: 2, at: 2100, ms: 900, attributes: model(20, 10) }),
      span(7, "chat claude", {
        parent: 1,
        at: 3112,
        ms: 512,
        attributes: { "gen_ai.operation.name": "chat", "error.type": "RateLimitError" },
        status: failed,
        events: [{ name: "exception", at: 511, attributes: { "exception.type": "RateLimitError" } }],
      }),
    ];
    expect(formatTrace(spans)).toBe(
      `\
Trace 4bf92f3577b34da6a3ce929d0e0e4736 — 8.41 s — 4 calls — 3,600 tokens — $0.0032 — 1 call without a price — 1 error

invoke_workflow article       8.41 s               14 calls — 12,034 tokens — $0.0403
├─ invoke_agent researcher    3.10 s                1 call  —  1,290 tokens — $0.0032
│  ├─ chat gpt-5-mini         1.04 s   $0.0032     1,200 in (800 cached), 90 out (64 reasoning)
│  ├─ execute_tool search     320 ms
│  ├─ chat gpt-5-nano         640 ms   $0.000041   2,100 in, 180 out
│  └─ chat llama              900 ms    no price   20 in, 10 out
└─ chat claude                512 ms               ✗ RateLimitError: 429 Too Many Requests
      · exception            +511 ms               RateLimitError
`,
    );
  });

  it("counts model calls only, so that the totals of agents above them do not count again", () => {
    const spans = [
      span(1, "invoke_agent a", { attributes: { ...agent(2, 30, 0.5), "gen_ai.usage.input_tokens": 999 } }),
      span(2, "chat m", { parent: 1, attributes: model(10, 5, 0.25) }),
      span(3, "embeddings e", {
        parent: 1,
        attributes: { ...model(15, 0, 0.25), "gen_ai.operation.name": "embeddings" },
      }),
    ];
    expect(formatTrace(spans).split("\n")[0]).toBe(
      "Trace 4bf92f3577b34da6a3ce929d0e0e4736 — 100 ms — 2 calls — 30 tokens — $0.5000",
    );
  });

  it("leaves the columns out when nothing stands in them", () => {
    expect(formatTrace([span(1, "work", { ms: 0 }), span(2, "part", { parent: 1, ms: 61_000 })])).toBe(
      `\
Trace 4bf92f3577b34da6a3ce929d0e0e4736 — 1 min 01 s — 0 calls

work            0 ms
└─ part   1 min 01 s
`,
    );
  });

  it("sorts by start and prints attributes that the line does not say, and those of events", () => {
    const spans = [
      span(3, "second", { parent: 1, at: 20 }),
      span(2, "first", {
        parent: 1,
        at: 10,
        attributes: { ...model(1, 2, 0.5), tags: ["a", "b"] },
        events: [{ name: "retry", at: 5, attributes: { attempt: 2 } }],
      }),
      span(1, "root"),
    ];
    expect(tree(formatTrace(spans, { attributes: true }))).toBe(
      `\
root            100 ms
├─ first        100 ms   $0.5000   1 in, 2 out
│     gen_ai.operation.name: chat
│     tags: ["a","b"]
│     · retry    +5 ms
│       attempt: 2
└─ second       100 ms
`,
    );
  });

  it("shows a span whose parent is elsewhere as a root, and says so", () => {
    expect(
      tree(formatTrace([span(2, "part", { parent: 1, ms: 5 }), span(3, "leaf", { parent: 2, ms: 3 })])),
    ).toBe(
      `\
part      5 ms   (parent 0000000000000001 is not here)
└─ leaf   3 ms
`,
    );
  });

  it("shows each span once when parents form a circle, and when one is its own parent", () => {
    const spans = [
      span(1, "a", { parent: 2 }),
      span(2, "b", { parent: 1, at: 1 }),
      span(3, "c", { parent: 3, at: 2 }),
    ];
    expect(tree(formatTrace(spans))).toBe(
      `\
a      100 ms   (its parents form a circle)
└─ b   100 ms
c      100 ms   (its parents form a circle)
`,
    );
  });

  it("counts a repeated span once", () => {
    const chat = span(1, "chat m", { attributes: model(1, 1, 0.5) });
    expect(formatTrace([chat, chat]).split("\n")[0]).toContain(
      "1 call — 2 tokens — $0.5000 — 1 repeated span left out",
    );
  });

  it("prints one tree for each trace, oldest first, and nothing for none", () => {
    const later = { ...span(1, "later", { at: 50 }), traceId: "a".repeat(32) };
    const names = formatTrace([later, span(1, "earlier")]).match(/^(later|earlier)/gm);
    expect(names).toEqual(["earlier", "later"]);
    expect(formatTrace([])).toBe("");
  });

  it("names services where more than one took part", () => {
    const spans = [
      span(1, "a", { resource: { "service.name": "web" } }),
      span(2, "b", { parent: 1, resource: { "service.name": "billing" } }),
      span(3, "c", { parent: 2, resource: { "service.name": "billing" } }),
    ];
    expect(tree(formatTrace(spans))).toBe(
      `\
a         100 ms   in web
└─ b      100 ms   in billing
   └─ c   100 ms
`,
    );
  });

  it("says that a span is still open", () => {
    expect(tree(formatTrace([span(1, "a", { endNs: undefined })]))).toBe("a   open\n");
  });

  it("adds currencies up apart", () => {
    const euro = { ...model(1, 1, 2), "gen_ai.usage.cost.currency": "EUR" };
    const spans = [span(1, "chat", { attributes: model(1, 1, 1) }), span(2, "chat", { attributes: euro })];
    expect(formatTrace(spans).split("\n")[0]).toContain("$1.0000 + 2.0000 EUR");
  });

  it("takes no order from names and values: nothing but letters reaches the terminal", () => {
    const evil = "\x1b[2J\u009b31m\r\n\u202efdp\u2028\ud800";
    const spans = [
      span(1, `chat ${evil}`, {
        attributes: { ...model(1, 1, 1), [evil]: evil, list: [evil], "gen_ai.usage.cost.currency": evil },
        status: { code: SpanStatusCode.ERROR, message: evil },
        events: [{ name: evil, at: 1, attributes: { [evil]: evil } }],
        resource: { "service.name": evil },
      }),
      span(2, "other"),
    ];
    const text = formatTrace(spans, { attributes: true }) + formatTrace(spans);
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    expect(text).toContain("chat \\x1b[2J\\x9b31m\\r\\n\\u{202e}fdp\\u{2028}\\u{d800}");
  });

  it("bounds names and values, however long", () => {
    const long = "x".repeat(5_000_000);
    const text = formatTrace(
      [span(1, long, { attributes: { long }, status: { code: SpanStatusCode.ERROR, message: long } })],
      { attributes: true },
    );
    expect(text.length).toBeLessThan(1_000);
  });

  it("prints a chain of 10,000 spans without overflowing the stack, and bounds its indentation", () => {
    const chain = Array.from({ length: 10_000 }, (_, id) =>
      span(id + 1, `step ${id}`, { at: id, ...(id > 0 && { parent: id }) }),
    );
    const lines = formatTrace(chain).trimEnd().split("\n");
    expect(lines).toHaveLength(10_002);
    expect(lines.at(-1)).toMatch(/^ {93}└─ step 9999 {3}100 ms {3}\(depth 9999\)$/);
  });

  it("sets wide letters and emoji as two columns", () => {
    expect(tree(formatTrace([span(1, "chat 校正"), span(2, "chat ab🔧", { at: 1 })]))).toBe(
      `\
chat 校正   100 ms
chat ab🔧   100 ms
`,
    );
  });

  it("cuts lines to the width, and refuses one that makes no sense", () => {
    const text = formatTrace([span(1, "chat m", { attributes: model(123_456, 789, 1) })], { width: 30 });
    expect(tree(text)).toBe("chat m   100 ms   $1.0000   1…\n");
    expect(() => formatTrace([], { width: 5 })).toThrow("formatTrace: width must be a number >= 20, got 5");
  });

  it("colours only when asked, and says the same in both", () => {
    const spans = [span(1, "invoke_agent a"), span(2, "chat m", { parent: 1, attributes: model(1, 1, 1) })];
    const colored = formatTrace(spans, { color: true });
    expect(colored).toContain("\x1b[2m└─ \x1b[0m\x1b[36mchat m\x1b[0m");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are made of them
    expect(colored.replace(/\x1b\[\d+m/g, "")).toBe(formatTrace(spans));
  });

  it("takes spans of the SDK as they are", () => {
    const memory = new InMemorySpanExporter();
    const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: memory })] });
    const live = provider.getTracer("t").startSpan("invoke_agent a", { startTime: [100, 0] });
    expect(tree(formatTrace([live as never]))).toBe("invoke_agent a   open\n");
    live.addEvent("retry", {}, [100, 5_000_000]);
    live.end([101, 500_000_000]);
    expect(tree(formatTrace(memory.getFinishedSpans()))).toBe(
      `\
invoke_agent a   1.50 s
   · retry        +5 ms
`,
    );
  });
});
