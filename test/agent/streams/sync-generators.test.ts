import { describe, expect, it } from "vitest";
import { agent, currentAgent } from "../../../src/index.ts";
import { watch } from "../support.ts";

const seen = watch();
const endings = (): number => seen.records.length;

describe("a sync generator", () => {
  it("is the same object, and ends with its last item", () => {
    const items = agent("sync", function* () {
      yield currentAgent()?.name;
      yield currentAgent()?.name;
    });
    expect([...items()]).toEqual(["sync", "sync"]);
    expect([seen.spans.open, endings()]).toEqual([[], 1]);
  });

  it("ends when destructuring leaves it early", () => {
    const [first] = agent("early", function* () {
      yield 1;
      yield 2;
    })();
    expect([first, seen.spans.open, endings()]).toEqual([1, [], 1]);
  });

  it("ends when an iterator helper has taken enough", () => {
    const items = agent("helped", function* () {
      for (let i = 0; ; i++) yield i;
    });
    expect(items().take(2).toArray()).toEqual([0, 1]);
    expect([seen.spans.open, endings()]).toEqual([[], 1]);
  });
});
