import { describe, expect, it } from "vitest";
import { milliseconds, timeScale } from "../../../grafana/src/rules/time-scale.ts";

describe("a time scale", () => {
  it("leaves lengths as they are where an hour is an hour", () => {
    const { range, wait } = timeScale();
    expect(["30s", "5m", "1h", "6h", "1d"].map(range)).toEqual(["30s", "5m", "1h", "6h", "1d"]);
    expect(["0s", "1m", "1h"].map(wait)).toEqual(["0s", "1m", "1h"]);
  });

  it("shrinks them in proportion", () => {
    const { range } = timeScale("1m");
    expect(["6h", "1h", "30m", "1d"].map(range)).toEqual(["6m", "1m", "30s", "24m"]);
  });

  it("keeps ranges long enough for a rate, and waits at a second", () => {
    const { range, wait } = timeScale("10s");
    expect(["5m", "1h", "6h"].map(range)).toEqual(["5s", "10s", "1m"]);
    expect(["30s", "5m", "1h"].map(wait)).toEqual(["1s", "1s", "10s"]);
  });

  it("makes no wait where there is none", () => {
    expect(timeScale("10s").wait("0s")).toBe("0s");
  });

  it.each(["", "5", "m", "1w", "-1m", "1.5h", "1h30m"])("refuses %j as a length", (length) => {
    expect(() => milliseconds(length)).toThrow(`a length of time is written as 5m or 1h, got "${length}"`);
  });

  it.each(["0s", "2h"])("refuses an hour of %s", (hour) => {
    expect(() => timeScale(hour)).toThrow(`hour must be above 0 and up to 1h, got ${hour}`);
  });
});
