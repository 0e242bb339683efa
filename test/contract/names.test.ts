import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as semconv from "../../src/telemetry/semconv.ts";
import { root, sourceFiles } from "./source-files.ts";

const OURS = Object.entries(semconv).filter(([key]) => key.startsWith("ATTR_") || key.startsWith("METRIC_"));
/** Files that read the names of other generations and vendors, which is what they are for. */
const READS_FOREIGN_NAMES = ["src/cost/readers/span-attributes.ts"];

describe("names", () => {
  it.each(
    sourceFiles.filter((name) => name !== "src/telemetry/semconv.ts" && !READS_FOREIGN_NAMES.includes(name)),
  )("%s takes its names from semconv.ts", (name) => {
    const code = readFileSync(join(root, name), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    expect(code.match(/["'`](?:gen_ai|agents)\.[a-z_.]+["'`]/g) ?? []).toEqual([]);
  });

  it("are each used by something", () => {
    const code = sourceFiles
      .filter((name) => name !== "src/telemetry/semconv.ts")
      .map((name) => readFileSync(join(root, name), "utf8"));
    const unused = Object.keys(semconv).filter(
      (key) => !code.some((text) => new RegExp(`\\b${key}\\b`).test(text)),
    );
    expect(unused).toEqual([]);
  });

  it("are each given once", () => {
    const values = OURS.map(([, value]) => value);
    expect(new Set(values).size).toBe(values.length);
  });

  it.each(OURS)("%s is a dotted lower-case name", (_, value) => {
    expect(value).toMatch(/^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$/);
  });

  it("put nothing of ours under gen_ai, and nothing of the conventions under agents", () => {
    const prefixes = OURS.map(([, value]) => String(value).split(".")[0]);
    expect([...new Set(prefixes)].sort()).toEqual([
      "agents",
      "error",
      "exception",
      "gen_ai",
      "jsonrpc",
      "mcp",
      "network",
      "rpc",
      "server",
      "service",
      "user",
    ]);
  });
});
