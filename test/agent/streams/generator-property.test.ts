import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { agent } from "../../../src/index.ts";
import { nextTurn, watch } from "../support.ts";

const seen = watch();
const endings = (): number => seen.records.length;

async function* count(to: number): AsyncGenerator<number, string, string | undefined> {
  for (let i = 1; i <= to; i++) {
    await nextTurn();
    yield i;
  }
  return "end";
}

describe("whatever a consumer does", () => {
  const steps = fc.array(fc.constantFrom("next", "return", "throw" as const), { maxLength: 8 });

  it("a followed generator answers as a bare one does, and its call ends exactly once or is still open", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(3), steps, async (length, plan) => {
        seen.records.length = 0;
        seen.spans.reset();
        const bare = count(length);
        const followed = agent("walked", count)(length);
        let over = false;
        for (const step of plan) {
          const take = async (generator: typeof bare): Promise<unknown> => {
            try {
              const answer = step === "throw" ? await generator.throw("x") : await generator[step]("v");
              over ||= answer.done === true;
              return answer;
            } catch (error) {
              over = true;
              return { error };
            }
          };
          expect(await take(followed)).toEqual(await take(bare));
        }
        expect(endings()).toBe(over ? 1 : 0);
        expect(seen.spans.open).toHaveLength(over ? 0 : 1);
        expect(seen.warnings.filter((warning) => !warning.includes("was dropped"))).toEqual([]);
      }),
    );
  });
});
