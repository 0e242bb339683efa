import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as semconv from "../../src/telemetry/semconv.ts";
import { root } from "./source-files.ts";

const docs = readFileSync(join(root, "docs/telemetry.md"), "utf8");

describe("docs/telemetry.md", () => {
  it("has every attribute and metric of semconv.ts", () => {
    const names = Object.entries(semconv).filter(
      ([key]) => key.startsWith("ATTR_") || key.startsWith("METRIC_"),
    );
    expect(names.map(([, name]) => String(name)).filter((name) => !docs.includes(`\`${name}\``))).toEqual([]);
  });
});
