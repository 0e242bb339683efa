import { expect, it } from "vitest";
import { alignPoints, formatCost, formatDuration } from "../../src/telemetry/format-trace-numbers.ts";

it.each([
  [-5n, "0 ms"],
  [0n, "0 ms"],
  [412_400n, "412 µs"],
  [999_600n, "1 ms"],
  [320_400_000n, "320 ms"],
  [999_600_000n, "1.00 s"],
  [4_214_000_000n, "4.21 s"],
  [59_999_000_000n, "1 min 00 s"],
  [123_000_000_000n, "2 min 03 s"],
  [3_599_700_000_000n, "1 h 00 min"],
  [3_720_000_000_000n, "1 h 02 min"],
])("writes %s ns as %s", (ns, text) => {
  expect(formatDuration(ns)).toBe(text);
});

it.each([
  [0, "$0.0000"],
  [0.0032, "$0.0032"],
  [0.0004, "$0.0004"],
  [0.000041, "$0.000041"],
  [0.00000000000000001, "$0.0000"],
  [1234.5, "$1,234.5000"],
  [-0.5, "-$0.5000"],
])("writes %s dollars as %s", (amount, text) => {
  expect(formatCost(amount)).toBe(text);
});

it("sets decimal points below each other", () => {
  expect(alignPoints(["$0.0032", "", "$12.000041", "no price"])).toEqual([
    " $0.0032  ",
    "          ",
    "$12.000041",
    "  no price",
  ]);
});
