import { describe, expect, it } from "vitest";
import { run } from "../register/run.ts";

// Elsewhere an ESM program shows no span, above all with the default import, or its imports break as soon as a loader is there.

const CHATS = ["chat gpt-4o-mini", "chat gpt-5", "chat claude-sonnet-5"];

describe("node --import agent-otel/register", () => {
  it.each([
    ["an ESM program, default imports", "app.mjs", ["default"]],
    ["an ESM program, named imports", "app.mjs", ["named"]],
    ["a CommonJS program", "app.cjs", []],
  ] as const)("sees every call of %s", async (_, file, args) => {
    const { spans, diag } = await run(file, { args });
    expect([spans.map(({ name }) => name), diag]).toEqual([CHATS, []]);
  });

  it("leaves odd modules as they are, and sees the call among them", async () => {
    const odd = "../../pains/fixtures/odd-modules.mjs";
    const [plain, registered] = [await run(odd, { registered: false }), await run(odd)];
    expect(plain.code).toBe(0);
    expect(JSON.parse(plain.stdout)).toMatchObject({
      sameClass: true,
      both: ["left", "right"],
      live: [1, 2],
    });
    expect([registered.code, registered.stdout]).toEqual([0, plain.stdout]);
    expect(registered.spans.map(({ name }) => name)).toEqual(["chat gpt-4o-mini"]);
  });

  it("would be seen to miss them: without it the same program has no span", async () => {
    const { spans, headers } = await run("app.mjs", { registered: false });
    expect([spans, headers.length]).toEqual([[], 3]);
  });
});
