import { describe, expect, expectTypeOf, it } from "vitest";
import { agent, conversation, currentAgent, tool } from "../../src/index.ts";
import { askModel, nextTurn, watch } from "./support.ts";

const seen = watch();
const ID = "gen_ai.conversation.id";

describe("conversation", () => {
  it("returns what the function returns", async () => {
    const answer = conversation("c1", async () => 1);
    expectTypeOf(answer).toEqualTypeOf<Promise<number>>();
    expect(await answer).toBe(1);
  });

  it("puts its id on every agent, tool and model span below, also after an await", async () => {
    const work = agent("talks", async () => {
      await nextTurn();
      tool("listen", () => 1)();
      askModel();
    });
    await conversation("c2", () => work());
    expect(seen.spans.all({ attributes: { [ID]: "c2" } })).toHaveLength(3);
    expect(seen.records.map((record) => record.conversation)).toEqual(["c2", "c2", "c2"]);
  });

  it("makes no span of its own, and is no caller", () => {
    conversation("c3", () => agent("root", () => 1)());
    expect(seen.spans.spans).toHaveLength(1);
    seen.spans.get("invoke_agent root", { parent: null, attributes: { "gen_ai.caller.name": undefined } });
  });

  it("inside an agent changes neither who is at work nor whose calls they are", () => {
    agent("host", () => {
      conversation("c4", () => {
        askModel();
        tool("inside", () => 1)();
      });
      askModel();
    })();
    const host = seen.records.at(-1);
    expect([host?.own?.calls, host?.subtree?.calls, host?.ownToolCalls]).toEqual([2, 2, 1]);
    seen.spans.get("execute_tool inside", { attributes: { "gen_ai.agent.name": "host", [ID]: "c4" } });
  });

  it("gives way to a conversation inside it, and comes back", () => {
    const talk = agent("talk", () => currentAgent()?.conversation);
    expect(conversation("outer", () => [talk(), conversation("inner", talk), talk()])).toEqual([
      "outer",
      "inner",
      "outer",
    ]);
  });

  it("alone is nobody at work", () => {
    expect(conversation("c5", currentAgent)).toBeUndefined();
  });

  it("refuses an unfit id with a TypeError that says why", () => {
    expect(() => conversation("", () => 1)).toThrow(
      "conversation: id must be a string of 1 to 256 characters, got 0 characters",
    );
    expect(() => conversation("x".repeat(257), () => 1)).toThrow(/got 257 characters/);
    expect(() => conversation(7 as unknown as string, () => 1)).toThrow(TypeError);
  });
});
