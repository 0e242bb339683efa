import { trace } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { agent, handoff, recordUsage, tool } from "../../../src/index.ts";
import { SpanRecorder, toHaveCalled } from "../../../src/testing/index.ts";
import "../../../src/testing/vitest.ts";

let recorder: SpanRecorder;
beforeEach(() => {
  recorder = new SpanRecorder();
});
afterEach(() => recorder.stop());

const search = tool("search", (query: string) => query.length);
const researcher = agent("researcher", (queries: readonly string[]) => queries.map((query) => search(query)));
const writer = agent("writer", () => {
  recordUsage({ model: "gpt-4o-mini", inputTokens: 1_000, outputTokens: 100 });
});
const supervisor = agent("supervisor", () => {
  researcher(["otters", "rivers"]);
  writer();
});

/** What an assertion says when it fails, without ids, times and the columns that they are set in. */
function failureOf(assertion: () => void): string {
  try {
    assertion();
  } catch (error) {
    return (error as Error).message
      .replaceAll(/[0-9a-f]{32}/g, "ID")
      .replaceAll(/(?<=\S) +/g, " ")
      .replaceAll(/ \d[\d.]* (?:ms|µs|s)(?= |$)/gm, "");
  }
  throw new Error("it did not fail");
}

describe("toHaveCalled", () => {
  it("holds for agents that were called, how often and by whom", () => {
    supervisor();
    expect(recorder).toHaveCalled("writer");
    expect(recorder).toHaveCalled("writer", { times: 1, by: "supervisor" });
    expect(recorder).not.toHaveCalled("editor");
    expect(recorder).toHaveCalled("editor", { times: 0 });
    expect(recorder).not.toHaveCalled("writer", { times: 2 });
    expect(recorder).not.toHaveCalled("writer", { by: "researcher" });
  });

  it("takes spans as well, in any order", () => {
    supervisor();
    expect(recorder.spans.toReversed()).toHaveCalled("researcher");
    expect(new Set(recorder.spans)).not.toHaveCalled("editor");
  });

  it("counts an agent that is still at work", () => {
    agent("writer", () => expect(recorder).toHaveCalled("writer"))();
  });

  it("fails with what was called, and with the trace", () => {
    supervisor();
    expect(failureOf(() => expect(recorder).toHaveCalled("editor"))).toMatchInlineSnapshot(`
      "expected the trace to have called "editor": it was never; called were supervisor, researcher, writer

      Trace ID — — 1 call — 1,100 tokens — $0.00021

      invoke_agent supervisor 1 call — 1,100 tokens — $0.00021
      ├─ invoke_agent researcher
      │ ├─ execute_tool search
      │ └─ execute_tool search
      └─ invoke_agent writer 1 call — 1,100 tokens — $0.00021
         └─ chat gpt-4o-mini $0.00021 1,000 in, 100 out"
    `);
    expect(
      failureOf(() => expect(recorder).toHaveCalled("writer", { times: 2, by: "researcher" })),
    ).toContain(
      'to have called "writer" 2 times by "researcher": it was never; once in all, also by supervisor\n\nTrace',
    );
    expect(failureOf(() => expect(recorder).not.toHaveCalled("writer"))).toContain(
      'expected the trace not to have called "writer": it was once\n\nTrace',
    );
  });

  it("says where there is no trace at all", () => {
    expect(failureOf(() => expect([]).toHaveCalled("writer"))).toBe(
      'expected the trace to have called "writer": it was never; called were none\n\nThere are no spans.',
    );
  });

  it("is a function for other runners", () => {
    supervisor();
    const { pass, message } = toHaveCalled(recorder, "editor");
    expect([pass, message().split("\n")[0]]).toEqual([
      false,
      'expected the trace to have called "editor": it was never; called were supervisor, researcher, writer',
    ]);
  });

  it.each([
    ["a string", () => expect("x").toHaveCalled("writer")],
    ["numbers", () => expect([1]).toHaveCalled("writer")],
    ["nothing", () => expect(undefined).not.toHaveCalled("writer")],
  ])("refuses %s, with and without not", (_, assertion) => {
    expect(assertion).toThrow("toHaveCalled: needs a SpanRecorder or a list of spans");
  });

  it("refuses options that make no sense", () => {
    expect(() => expect(recorder).toHaveCalled("writer", { times: -1 })).toThrow(
      "times must be a whole number >= 0, got -1",
    );
    expect(() => expect(recorder).toHaveCalled("")).toThrow("name must not be empty");
  });
});

describe("toHaveCalledTool", () => {
  it("holds for tools that were called, how often and by whom", () => {
    supervisor();
    expect(recorder).toHaveCalledTool("search", { times: 2, by: "researcher" });
    expect(recorder).not.toHaveCalledTool("search", { by: "writer" });
    expect(recorder).not.toHaveCalledTool("delete");
  });

  it("fails with the tools that were called", () => {
    supervisor();
    expect(failureOf(() => expect(recorder).toHaveCalledTool("delete"))).toContain(
      'to have called the tool "delete": it was never; called were search\n',
    );
  });
});

describe("toCostLessThan and toUseFewerTokensThan", () => {
  it("hold for what all model calls add up to", () => {
    supervisor();
    supervisor();
    expect(recorder).toUseFewerTokensThan(2_201);
    expect(recorder).not.toUseFewerTokensThan(2_200);
    expect(recorder).toCostLessThan(0.01);
    expect(recorder).not.toCostLessThan(0.000_1);
    expect(failureOf(() => expect(recorder).toUseFewerTokensThan(10))).toContain(
      "to use fewer than 10 tokens: 2 calls used 2,200 tokens",
    );
    expect(failureOf(() => expect(recorder).toCostLessThan(0.000_1))).toMatch(
      /to cost less than \$0\.0001: 2 calls cost \$0\.0004/,
    );
  });

  it("cannot tell, whichever way it is asked, where a price is not known", () => {
    recordUsage({ model: "home-made", provider: "me", inputTokens: 1, outputTokens: 1 });
    const why = "toCostLessThan: cannot tell: 1 call (chat home-made) with no known cost";
    expect(() => expect(recorder).toCostLessThan(1)).toThrow(why);
    expect(() => expect(recorder).not.toCostLessThan(1)).toThrow(why);
    expect(recorder).toUseFewerTokensThan(3);
  });

  it("cannot tell where a call never said its tokens, but knows that a failed one used none", () => {
    const attributes = { "gen_ai.operation.name": "chat" };
    const failed = trace.getTracer("test").startSpan("chat failed", { attributes });
    failed.setStatus({ code: 2 }).end();
    expect(recorder).toUseFewerTokensThan(1);
    trace.getTracer("test").startSpan("chat silent", { attributes }).end();
    expect(() => expect(recorder).toUseFewerTokensThan(1)).toThrow(
      "1 call (chat silent) with no known tokens",
    );
  });

  it("cannot tell while spans are open", () => {
    const span = trace.getTracer("test").startSpan("chat open");
    expect(() => expect(recorder).not.toCostLessThan(1)).toThrow(
      "cannot tell while spans are open (chat open); await recorder.settled() first",
    );
    span.end();
  });

  it("refuse limits that nothing can keep", () => {
    expect(() => expect(recorder).toCostLessThan(0)).toThrow("usd must be a finite number > 0, got 0");
    expect(() => expect(recorder).toUseFewerTokensThan(Number.NaN)).toThrow(
      "tokens must be a finite number > 0, got NaN",
    );
  });
});

describe("toFollowPath", () => {
  it("holds for the agents in the order in which they were called", () => {
    supervisor();
    expect(recorder).toFollowPath(["supervisor", "researcher", "writer"]);
    expect(recorder).not.toFollowPath(["supervisor", "writer", "researcher"]);
    expect(recorder).not.toFollowPath(["supervisor", "researcher"]);
    expect(recorder).not.toFollowPath([]);
  });

  it("takes a handoff and the call that it leads to for one", () => {
    agent("triage", () => handoff(writer)())();
    expect(recorder).toFollowPath(["triage", "writer"]);
    expect(recorder).toHaveCalled("writer", { times: 1, by: "triage" });
  });

  it("takes a handoff that is only said, and the call that follows it, for one", () => {
    agent("loop", () => {
      agent("triage", () => handoff("writer"))();
      writer();
    })();
    expect(recorder).toFollowPath(["loop", "triage", "writer"]);
  });

  it("counts a handoff that leads to no call", () => {
    agent("triage", () => handoff("human"))();
    expect(recorder).toFollowPath(["triage", "human"]);
  });

  it("has an agent twice that is called twice", () => {
    agent("supervisor", () => {
      writer();
      writer();
    })();
    expect(recorder).toFollowPath(["supervisor", "writer", "writer"]);
  });

  it("has agents that run side by side in the order in which they were started", async () => {
    const slow = agent("slow", () => new Promise<void>((resolve) => setImmediate(resolve)));
    const fast = agent("fast", async () => {});
    await agent("supervisor", () => Promise.all([slow(), fast()]))();
    expect(recorder).toFollowPath(["supervisor", "slow", "fast"]);
  });

  it("fails with the path that it was", () => {
    supervisor();
    expect(failureOf(() => expect(recorder).toFollowPath(["writer"]))).toContain(
      "to follow the path writer: it was supervisor → researcher → writer\n\nTrace",
    );
    expect(() => expect(recorder).toFollowPath("writer" as never)).toThrow("path must be a list of names");
  });
});

describe("toHaveNoErrors", () => {
  it("holds where no span failed", () => {
    supervisor();
    expect(recorder).toHaveNoErrors();
    const fail = agent("careless", () => {
      throw new TypeError("no");
    });
    expect(fail).toThrow("no");
    expect(recorder).not.toHaveNoErrors();
    expect(failureOf(() => expect(recorder).toHaveNoErrors())).toContain(
      "to have no errors: failed: invoke_agent careless (TypeError)\n\nTrace",
    );
  });
});

describe("the types", () => {
  it("know the matchers and their arguments", () => {
    supervisor();
    // @ts-expect-error
    expect(() => expect(recorder).toHaveCalled(1)).toThrow(TypeError);
    // @ts-expect-error
    expect(() => expect(recorder).toCostLessThan("1")).toThrow(RangeError);
    // @ts-expect-error
    expect(recorder).toHaveCalled("writer", { time: 2 });
  });
});
