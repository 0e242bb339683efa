import { SpanKind } from "@opentelemetry/api";
import { describe, expect, expectTypeOf, it } from "vitest";
import { agent, currentAgent, tool, workflow } from "../../src/index.ts";
import { nextTurn, watch } from "./support.ts";

const seen = watch();

describe("agent", () => {
  it("returns a function of the same type", () => {
    const fn = async (question: string, depth = 1): Promise<string[]> => [question, String(depth)];
    expectTypeOf(agent("typed", fn)).toEqualTypeOf<typeof fn>();
  });

  it("passes on this, the arguments and the result as they are", () => {
    const answer = { text: "otters" };
    const counter = {
      got: [] as unknown[],
      ask: agent("method", function (this: unknown, ...args: unknown[]) {
        counter.got = [this, ...args];
        return answer;
      }),
    };
    expect(counter.ask(1, undefined, "x")).toBe(answer);
    expect(counter.got).toEqual([counter, 1, undefined, "x"]);
  });

  it("keeps the name, length and own properties of the function", () => {
    const fn = Object.assign((_a: string, _b: string) => 1, { schema: { type: "object" } });
    const wrapped = agent("faced", fn);
    expect([wrapped.name, wrapped.length, wrapped.schema]).toEqual([fn.name, 2, fn.schema]);
  });

  it("makes an agent of an agent whose function is frozen", () => {
    const inner = Object.freeze(agent("inner-frozen", () => 1));
    expect(agent("outer-frozen", inner)()).toBe(1);
  });

  it("makes one INTERNAL span invoke_agent {agent}", () => {
    agent("writer", () => 1)();
    const span = seen.spans.get("invoke_agent writer", { failed: false });
    expect([span.kind, span.scope]).toEqual([SpanKind.INTERNAL, "agent-otel"]);
    expect(span.attributes).toEqual({
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": "writer",
    });
  });

  it("puts description, version, tools and attributes on each span", () => {
    agent("full", () => 1, {
      description: "writes",
      version: "2",
      tools: ["search", "fetch"],
      attributes: { team: "docs" },
    })();
    seen.spans.get("invoke_agent full", {
      attributes: {
        "gen_ai.agent.description": "writes",
        "gen_ai.agent.version": "2",
        "agents.tools": ["search", "fetch"],
        team: "docs",
      },
    });
  });

  it("does not let attributes change who the agent is", () => {
    agent("true-name", () => 1, { attributes: { "gen_ai.agent.name": "false-name" } })();
    seen.spans.get("invoke_agent true-name", { attributes: { "gen_ai.agent.name": "true-name" } });
  });

  it("ends the span of an async function when its promise settles, not before", async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const answer = agent("slow", () => promise)();
    expect(seen.spans.open).toEqual(["invoke_agent slow"]);
    resolve("done");
    expect(await answer).toBe("done");
    expect(seen.spans.open).toEqual([]);
  });

  it("throws the same error object, sync and async", async () => {
    const error = new Error("boom");
    const sync = agent("sync-fails", () => {
      throw error;
    });
    const async = agent("async-fails", async () => {
      throw error;
    });
    expect(sync).toThrow(error);
    await expect(async()).rejects.toBe(error);
    expect(seen.spans.all({ failed: true })).toHaveLength(2);
  });

  it.each([undefined, null, "text", 0, Symbol("s")])("throws %s on as it is", (thrown) => {
    let caught: unknown = "nothing";
    try {
      agent("throws-anything", () => {
        throw thrown;
      })();
    } catch (error) {
      caught = error;
    }
    expect(caught).toBe(thrown);
    seen.spans.get("invoke_agent throws-anything", { attributes: { "error.type": "_OTHER" }, failed: true });
  });
});

describe("caller", () => {
  it("is absent on the first agent of a request", () => {
    agent("root", () => 1)();
    expect(Object.keys(seen.spans.get("invoke_agent root").attributes)).not.toContain("gen_ai.caller.name");
  });

  it("is the agent around it, with its type", async () => {
    const inner = agent("inner", async () => currentAgent()?.name);
    expect(await agent("outer", () => inner())()).toBe("inner");
    const outer = seen.spans.get("invoke_agent outer");
    seen.spans.get("invoke_agent inner", {
      parent: outer,
      attributes: { "gen_ai.caller.type": "agent", "gen_ai.caller.name": "outer" },
    });
  });

  it("is the agent when called inside one of its tools", () => {
    const expert = agent("expert", () => 1);
    agent("generalist", () => tool("ask_expert", () => expert())())();
    seen.spans.get("invoke_agent expert", {
      parent: seen.spans.get("execute_tool ask_expert"),
      attributes: { "gen_ai.caller.type": "agent", "gen_ai.caller.name": "generalist" },
    });
  });

  it("is the workflow when a workflow calls", () => {
    workflow("pipeline", () => agent("step", () => 1)())();
    seen.spans.get("invoke_agent step", {
      attributes: { "gen_ai.caller.type": "workflow", "gen_ai.caller.name": "pipeline" },
    });
  });

  it("is right for each of many agents started with Promise.all", async () => {
    const leaf = agent("leaf", async () => {
      await nextTurn();
      return currentAgent()?.name;
    });
    const branch = (name: string) => agent(name, () => Promise.all([leaf(), leaf()]))();
    await agent("trunk", () => Promise.all([branch("left"), branch("right")]))();
    for (const name of ["left", "right"]) {
      const parent = seen.spans.get(`invoke_agent ${name}`);
      expect(seen.spans.all("invoke_agent leaf", { parent })).toHaveLength(2);
      expect(seen.spans.all({ attributes: { "gen_ai.caller.name": name } })).toHaveLength(2);
    }
  });

  it("is known in a timer that outlives the call", async () => {
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    agent("sets-timer", () => {
      setTimeout(() => resolve(currentAgent()?.name), 0);
    })();
    expect(await promise).toBe("sets-timer");
  });

  it("is forgotten after the call", async () => {
    await agent("over", async () => nextTurn())();
    expect(currentAgent()).toBeUndefined();
  });
});
