import { describe, expect, it } from "vitest";
import { rateLimitUsed } from "../../../grafana/src/queries/rate-limits.ts";
import { nodes } from "./support/promql.ts";

const used = rateLimitUsed({ app: "$app" }, { rate: "$__rate_interval", shown: "$__range" });
/** What is held against the limit of that window. */
const against = (window: string): string =>
  nodes(used, "BinaryExpr").find((expr) => {
    return expr.includes(`window=~"${window}"`) && !/ or /.test(expr) && expr.includes(" / on ");
  })!;

describe("what a rate limit has used", () => {
  it("is of the second the highest rate, and of the minute sixty times that", () => {
    expect(against("second")).toMatch(/^max_over_time\(\(1 \* rate\(/);
    expect(against("minute")).toMatch(/^max_over_time\(\(60 \* rate\(/);
  });

  it("is of the day what a day let through, and no rate of a moment held against a day", () => {
    expect(against("day")).toMatch(/^increase\([^[]*\[1d\]\) \//);
  });
});
