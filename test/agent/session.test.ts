import { describe, expect, expectTypeOf, it } from "vitest";
import { agent, conversation, currentAgent, session, tool, workflow } from "../../src/index.ts";
import { askModel, nextTurn, watch } from "./support.ts";

const seen = watch();
const all = { conversation: "c-1", user: "u-1", tags: ["beta"] };
const attributes = { "gen_ai.conversation.id": "c-1", "user.id": "u-1", "agents.session.tags": ["beta"] };

describe("session", () => {
  it("returns what the function returns", async () => {
    const answer = session(all, async () => 1);
    expectTypeOf(answer).toEqualTypeOf<Promise<number>>();
    expect(await answer).toBe(1);
  });

  it("stands on every workflow, agent, tool and model span below, also after an await", async () => {
    const work = workflow("flow", () =>
      agent("talks", async () => {
        await nextTurn();
        tool("listen", () => askModel())();
        agent("helps", () => askModel())();
      })(),
    );
    await session(all, () => work());
    expect(seen.spans.spans).toHaveLength(6);
    expect(seen.spans.all({ attributes })).toHaveLength(6);
  });

  it("makes no span of its own, and says nothing after it", () => {
    const root = agent("root", () => 1);
    session(all, root);
    root();
    expect(seen.spans.all("invoke_agent root").map((span) => span.attributes["user.id"])).toEqual([
      "u-1",
      undefined,
    ]);
  });

  it("inside another keeps what it does not say itself, and adds its tags", () => {
    session(all, () => {
      session(
        { user: "u-2", tags: ["trial", "beta"] },
        agent("inner", () => 1),
      );
      conversation(
        "c-2",
        agent("talk", () => 1),
      );
    });
    expect(seen.spans.get("invoke_agent inner").attributes).toMatchObject({
      ...attributes,
      "user.id": "u-2",
      "agents.session.tags": ["beta", "trial"],
    });
    expect(seen.spans.get("invoke_agent talk").attributes).toMatchObject({
      ...attributes,
      "gen_ai.conversation.id": "c-2",
    });
  });

  it("inside an agent changes neither who is at work nor whose calls they are", () => {
    agent("host", () => session(all, () => askModel()))();
    expect(seen.records.at(-1)?.own?.calls).toBe(1);
    expect(session(all, currentAgent)).toBeUndefined();
  });

  it("never adds more than 16 tags to a span", () => {
    const tags = (from: number) => Array.from({ length: 16 }, (_, i) => `tag-${from + i}`);
    session({ tags: tags(0) }, () =>
      session(
        { tags: tags(8) },
        agent("many", () => 1),
      ),
    );
    expect(seen.spans.get("invoke_agent many").attributes["agents.session.tags"]).toEqual(tags(0));
  });

  it("is in no call record but for the conversation, as records become metrics", () => {
    session(
      all,
      agent("measured", () => askModel()),
    );
    expect(JSON.stringify(seen.records)).not.toMatch(/u-1|beta/);
  });

  it("refuses what is unfit with a TypeError that does not show it", () => {
    const refuse = (of: unknown) => () => session(of as never, () => 1);
    expect(refuse({ user: "" })).toThrow(
      "session: user must be a string of 1 to 256 characters, got 0 characters",
    );
    expect(refuse({ conversation: "jane".repeat(100) })).toThrow(
      /^session: conversation must be .* got 400 characters$/,
    );
    expect(refuse({ user: 7 })).toThrow(/got number/);
    for (const tags of ["beta", [""], ["x".repeat(65)], new Array(17).fill("a"), [1]])
      expect(refuse({ tags })).toThrow(
        "session: tags must be a list of at most 16 strings of 1 to 64 characters",
      );
    expect(refuse(undefined)).toThrow("session: the first argument must be an object, got undefined");
    expect(() => session({}, 7 as never)).toThrow(
      "session: the second argument must be a function, got number",
    );
  });
});
