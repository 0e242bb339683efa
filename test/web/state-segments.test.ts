import { describe, expect, it } from "vitest";
import { countsOverTime, stateSegments } from "../../src/web/breakers/state-segments.ts";

const at = (seconds: number, from: string, to: string) => ({
  time: new Date(seconds * 1000).toISOString(),
  from,
  to,
});

describe("the states of a breaker", () => {
  it("follow its transitions, in whatever order they come", () => {
    const segments = stateSegments(
      [at(30, "open", "half_open"), at(10, "closed", "open")],
      "half_open",
      0,
      40_000,
    );
    expect(segments.map(({ state, fromMs, toMs }) => [state, fromMs, toMs])).toEqual([
      ["closed", 0, 10_000],
      ["open", 10_000, 30_000],
      ["half_open", 30_000, 40_000],
    ]);
  });

  it("begin with what was before the window", () => {
    expect(stateSegments([at(5, "closed", "open")], "open", 10_000, 20_000)).toEqual([
      { state: "open", fromMs: 10_000, toMs: 20_000 },
    ]);
  });

  it("are the state of now where nothing is known of before", () => {
    expect(stateSegments([], "closed", 0, 10)).toEqual([{ state: "closed", fromMs: 0, toMs: 10 }]);
  });
});

it("counts failures in slices, the end included", () => {
  const times = [0, 1, 9, 10].map((seconds) => new Date(seconds * 1000).toISOString());
  expect(countsOverTime(times, 0, 10_000, 2).counts).toEqual([2, 2]);
});
