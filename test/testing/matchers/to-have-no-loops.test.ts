import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { agent, failureModes, handoff, tool } from "../../../src/index.ts";
import { SpanRecorder } from "../../../src/testing/index.ts";
import "../../../src/testing/vitest.ts";

let recorder: SpanRecorder;
beforeEach(() => {
  recorder = new SpanRecorder();
});
afterEach(() => recorder.stop());

const search = tool("search", (_query: string) => 0);
const fetchPage = tool("fetch", (_url: string) => 0);

function repeat(times: number, work: (round: number) => unknown): void {
  for (let i = 0; i < times; i++) work(i);
}

function failure(): string {
  try {
    expect(recorder).toHaveNoLoops();
  } catch (error) {
    return (error as Error).message.split("\n")[0]!;
  }
  return "no loops";
}

describe("toHaveNoLoops, by names alone", () => {
  it("finds a tool that is called five times in a row", () => {
    agent("researcher", () => repeat(5, () => search("otters")))();
    expect(failure()).toBe("expected the trace to have no loops: researcher calls search 5 times in a row");
    expect(recorder).not.toHaveNoLoops();
    expect(recorder).toHaveNoLoops({ namedRounds: 6 });
  });

  it("lets four in a row pass, and as many as one likes with work in between", () => {
    agent("researcher", () => {
      repeat(4, () => search("otters"));
      fetchPage("x");
      repeat(4, () => search("rivers"));
    })();
    expect(recorder).toHaveNoLoops();
  });

  it("finds rounds of several tools and agents", () => {
    const reviewer = agent("reviewer", () => {});
    agent("editor", () =>
      repeat(5, () => {
        search("x");
        reviewer();
      }),
    )();
    expect(failure()).toContain("editor calls search, reviewer 5 times in a row");
  });

  it("finds agents that call one another in a ring", () => {
    const ask = (left: number): void => {
      if (left > 0) agent(left % 2 === 0 ? "writer" : "reviewer", () => ask(left - 1))();
    };
    agent("supervisor", () => ask(10))();
    expect(failure()).toContain("agents call one another in a ring: writer → reviewer, 5 times");
  });

  it("takes equal calls side by side for one", async () => {
    const slow = tool("slow", () => new Promise<void>((resolve) => setImmediate(resolve)));
    await agent("researcher", () => Promise.all(Array.from({ length: 8 }, () => slow())))();
    expect(recorder).toHaveNoLoops();
    await agent("researcher", async () => {
      for (let i = 0; i < 5; i++) await slow();
    })();
    expect(recorder).not.toHaveNoLoops();
  });

  it("lets tools poll that say so", () => {
    const poll = tool("poll", () => 0, { repeatable: true });
    agent("waiter", () => repeat(20, () => poll()))();
    expect(recorder).toHaveNoLoops();
  });

  it("counts each call of an agent by itself", () => {
    const researcher = agent("researcher", () => search("otters"));
    agent("one", researcher)();
    repeat(4, () => agent("supervisor", () => repeat(2, researcher))());
    expect(recorder).toHaveNoLoops();
  });

  it("finds two agents that hand over to and fro", () => {
    agent("loop", () =>
      repeat(3, () => {
        agent("writer", () => handoff("reviewer"))();
        agent("reviewer", () => handoff("writer"))();
      }),
    )();
    expect(failure()).toMatch(/(writer|reviewer): ping_pong, 4 times/);
  });
});

describe("toHaveNoLoops, with digests of arguments", () => {
  it("finds the third call with equal arguments, and lets pages be turned", () => {
    const modes = failureModes({ action: "none" });
    try {
      agent("reader", () => repeat(12, (page) => search(`page ${page}`)))();
      expect(recorder).toHaveNoLoops();
      agent("researcher", () => repeat(3, () => search("otters")))();
      expect(failure()).toBe(
        "expected the trace to have no loops: researcher: step_repetition, 3 times (search)",
      );
      expect(recorder).toHaveNoLoops({ rounds: 4 });
    } finally {
      modes.close();
    }
  });
});

describe("toHaveNoLoops", () => {
  it.each([{ rounds: 1 }, { namedRounds: 101 }, { handovers: 0.5 }])("refuses %j", (options) => {
    expect(() => expect(recorder).toHaveNoLoops(options)).toThrow(RangeError);
  });
});
