import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { agent, chat, handoff, plan, recordUsage, tool, workflow } from "../../src/index.ts";

const fn = (): void => {};
const TAKERS: Record<string, (name: string) => unknown> = {
  agent: (name) => agent(name, fn),
  tool: (name) => tool(name, fn),
  workflow: (name) => workflow(name, fn),
  plan: (name) => plan(name, fn),
  handoff: (name) => handoff(name),
  "chat: model": (name) => chat({ provider: "openai", model: name }, fn),
  "chat: provider": (name) => chat({ provider: name, model: "m" }, fn),
  "recordUsage: model": (name) => recordUsage({ model: name, inputTokens: 1, outputTokens: 1, costUsd: 0 }),
};

describe.each(Object.entries(TAKERS))("%s", (owner, take) => {
  it.each(["", " ", "\t\n"])("refuses the empty name %j and says so", (name) => {
    expect(() => take(name)).toThrow(
      new TypeError(`${owner}: name must not be empty, got ${JSON.stringify(name)}`),
    );
  });

  it("refuses 129 characters, and says how many there are", () => {
    const message = new RegExp(`^${owner}: name must have at most 128 characters, got 129`);
    expect(() => take("x".repeat(129))).toThrow(message);
    expect(() => take("x".repeat(129))).toThrow(TypeError);
  });

  it("takes any other name of up to 128 characters", () => {
    const names = fc.string({ minLength: 1, maxLength: 128 }).filter((name) => name.trim() !== "");
    fc.assert(fc.property(names, (name) => void take(name)));
  });

  it("refuses what is no string, and says what it got", () => {
    const message = new RegExp(`^${owner}: name must be a string, got number`);
    expect(() => take(7 as unknown as string)).toThrow(message);
  });
});

describe("the second argument", () => {
  const noFunction = "text" as unknown as () => void;
  it.each([
    ["agent", () => agent("a", noFunction)],
    ["tool", () => tool("a", noFunction)],
    ["workflow", () => workflow("a", noFunction)],
    ["plan", () => plan("a", noFunction)],
    ["chat", () => chat({ provider: "p", model: "m" }, noFunction)],
  ])("of %s must be a function, or a TypeError says so at once", (_, take) => {
    expect(take).toThrow(/must be a function, got string/);
    expect(take).toThrow(TypeError);
  });
});
