import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { agent, chat, tool } from "../../src/index.ts";
import { watch } from "./support.ts";

const MODEL = { provider: "openai", model: "gpt-4o" } as const;
const USAGE = { input: 100, output: 10 };

/** A call that tells its usage, or not, around whatever `inner` does. */
function call(tells: boolean, inner: () => unknown = () => undefined): unknown {
  return chat(MODEL, ({ usage }) => {
    inner();
    if (tells) usage(USAGE);
  });
}

describe.each(["with an SDK", "without an SDK"])("one model call that several layers tell of, %s", (sdk) => {
  const told = watch(sdk === "without an SDK" ? "no sdk" : {});

  function totalsOf(work: () => unknown) {
    agent("writer", work)();
    return told.records.find(({ operation }) => operation === "invoke_agent")?.own;
  }

  it("is counted once", () => {
    expect(totalsOf(() => call(true, () => call(true)))).toMatchObject({ calls: 1, tokens: 110 });
  });

  it("makes one record of a model call", () => {
    totalsOf(() => call(true, () => call(true)));
    expect(told.records.filter(({ operation }) => operation === "chat")).toHaveLength(1);
  });

  it("is counted by the layer around it where the one inside knows no tokens", () => {
    expect(totalsOf(() => call(true, () => call(false)))).toMatchObject({ tokens: 110 });
  });

  it("is counted for each attempt of a layer that tries again", () => {
    const twice = (): void => {
      call(true);
      call(true);
    };
    expect(totalsOf(() => call(true, twice))).toMatchObject({ calls: 2, tokens: 220 });
  });

  it("is not mistaken for one that a tool makes", () => {
    const ask = tool("ask", () => void call(true));
    expect(totalsOf(() => call(true, ask))).toMatchObject({ calls: 2, tokens: 220 });
  });

  it("is not mistaken for one that another agent makes", () => {
    const other = agent("other", () => call(true));
    agent("writer", () => call(true, other))();
    const record = told.records.find(
      ({ agent: name, operation }) => name === "writer" && operation !== "chat",
    );
    expect(record?.subtree).toMatchObject({ calls: 2, tokens: 220 });
  });

  it("has its tokens once however deep the layers are, if only one of them knows", () => {
    const layers = fc.array(fc.boolean(), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(layers, (tells) => {
        told.records.length = 0;
        const nest = ([first, ...rest]: readonly boolean[]): unknown =>
          first === undefined ? undefined : call(first, () => nest(rest));
        expect(totalsOf(() => nest(tells))?.tokens ?? 0).toBe(tells.includes(true) ? 110 : 0);
      }),
    );
  });
});
