import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { duration } from "../../src/web/format/duration.ts";
import { cost, money, unpricedNote } from "../../src/web/format/money.ts";
import { percent, whole } from "../../src/web/format/numbers.ts";
import { ago, clockTime, utc } from "../../src/web/format/time.ts";

describe("money", () => {
  it.each([
    [null, "unknown price"],
    [0, "$0.00"],
    [0.0000001, "<$0.000001"],
    [0.000123, "$0.00012"],
    [0.0359, "$0.0359"],
    [0.42, "$0.420"],
    [1.5, "$1.50"],
    [1234567.891, "$1,234,567.89"],
  ])("writes %s as %s", (usd, text) => {
    expect(money(usd)).toBe(text);
  });

  it("never shows a cost above 0 as 0", () => {
    fc.assert(
      fc.property(fc.double({ min: Number.MIN_VALUE, max: 1e6, noNaN: true }), (usd) => {
        expect(money(usd)).toMatch(/[1-9]/);
      }),
    );
  });
});

describe("a sum of costs", () => {
  it("is unknown where no call has a price", () => {
    expect(cost({ usd: 0, tokens: 500, unpriced: 3 })).toBe("unknown price");
  });

  it("is unknown where tokens were used and nobody counted the unpriced calls", () => {
    expect(cost({ usd: 0, tokens: 500 })).toBe("unknown price");
  });

  it("is 0 where nothing was used", () => {
    expect(cost({ usd: 0, tokens: 0, unpriced: 0 })).toBe("$0.00");
  });

  it("is 0 where all calls have a price of 0", () => {
    expect(cost({ usd: 0, tokens: 500, unpriced: 0 })).toBe("$0.00");
  });

  it("says how many calls it is without", () => {
    expect(unpricedNote({ usd: 1, tokens: 9, unpriced: 1200 })).toBe("+ 1,200 unpriced");
  });
});

describe("duration", () => {
  it.each([
    [null, "–"],
    [0, "0 ms"],
    [0.417, "0.42 ms"],
    [999.4, "999 ms"],
    [999.6, "1.00 s"],
    [9_994, "9.99 s"],
    [59_940, "59.9 s"],
    [59_960, "1 m 00 s"],
    [185_000, "3 m 05 s"],
    [7_500_000, "2 h 05 m"],
    [100_000_000, "1 d 3 h"],
  ])("writes %s as %s", (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it("never has 60 seconds or minutes", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 86_400_000 * 3, noNaN: true }), (ms) => {
        expect(duration(ms)).not.toMatch(/\b60(\.0)? [sm]\b/);
      }),
    );
  });
});

describe("percent", () => {
  it.each([
    [null, "–"],
    [0, "0%"],
    [0.0004, "<0.1%"],
    [0.034, "3.4%"],
    [0.34, "34%"],
    [0.9994, ">99.9%"],
    [1, "100%"],
    [1.004, "100%"],
  ])("writes %s as %s", (share, text) => {
    expect(percent(share)).toBe(text);
  });
});

describe("time", () => {
  const nowMs = Date.parse("2026-11-21T14:03:22Z");

  it("is the clock for today", () => {
    expect(clockTime("2026-11-21T13:05:09Z", nowMs, "UTC")).toBe("13:05:09");
  });

  it("has the day for another day of the viewer's zone", () => {
    expect(clockTime("2026-11-20T23:30:00Z", nowMs, "UTC")).toBe("20 Nov 23:30");
    expect(clockTime("2026-11-20T23:30:00Z", nowMs, "Europe/Berlin")).toBe("00:30:00");
  });

  it("is UTC to the millisecond in the title", () => {
    expect(utc("2026-11-21T13:05:09.5Z")).toBe("2026-11-21 13:05:09.500 UTC");
  });

  it("stays as it came where it is none", () => {
    expect(clockTime("soon", nowMs)).toBe("soon");
  });

  it.each([
    [-5_000, "now"],
    [42_700, "42 s ago"],
    [3_900_000, "1 h 05 m ago"],
  ])("%s ms before is %s", (ms, text) => {
    expect(ago(new Date(nowMs - ms).toISOString(), nowMs)).toBe(text);
  });
});

it("counts have thousands separators", () => {
  expect(whole(1234567)).toBe("1,234,567");
});
