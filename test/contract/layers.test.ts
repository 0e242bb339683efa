import { readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { root, sourceFiles } from "./source-files.ts";

// Imports point one way: a folder may use itself, those named here, and the two at the bottom. DESIGN names the same list.
const EVERYWHERE = ["errors", "internal"];
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "index.ts": [
    "agent",
    "health",
    "spend",
    "work",
    "memory",
    "resilience",
    "stores",
    "cost",
    "telemetry",
    "instrumentation",
  ],
  "register.ts": ["start.ts", "pipeline", "instrumentation"],
  "start.ts": ["pipeline"],
  "sdk.ts": ["pipeline"],
  cli: [
    "server",
    "health",
    "spend",
    "work",
    "agent",
    "cost",
    "stores",
    "telemetry",
    "pipeline",
    "instrumentation",
  ],
  server: ["health", "work", "memory", "spend", "resilience", "agent", "cost", "stores", "telemetry"],
  // The page asks the server over HTTP and knows the shapes of its answers, no more.
  web: ["server"],
  testing: ["agent", "cost", "health", "telemetry", "pipeline", "instrumentation"],
  // Health scores are metrics, and those that `start` sends have them without a line of the program.
  pipeline: ["health", "agent", "cost", "telemetry"],
  instrumentation: ["agent", "cost", "telemetry"],
  // Of pipeline only where context may go: a protocol carries it in bodies, where no header is guarded.
  frameworks: ["agent", "cost", "telemetry", "instrumentation", "pipeline"],
  spend: ["resilience", "agent", "cost", "stores", "telemetry"],
  // A run of a workflow is a call like any other, with its totals; an entry of memory knows the agent that made it.
  health: ["agent", "stores", "telemetry"],
  work: ["resilience", "agent", "stores", "telemetry"],
  memory: ["resilience", "agent", "stores", "telemetry"],
  resilience: ["stores", "telemetry"],
  agent: ["cost", "telemetry"],
  cost: ["telemetry"],
  stores: ["telemetry"],
  // The record of a call names the shape of its usage.
  telemetry: [],
  errors: [],
  internal: [],
};

/** Only these know the SDK: everything else costs next to nothing where none is started. */
const MAY_IMPORT_SDK = ["pipeline", "testing"];

function importsOf(file: string): readonly string[] {
  return [...readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(
    (match) => match[1]!,
  );
}

function layerOf(file: string): string {
  return relative(join(root, "src"), file).split("/")[0]!;
}

describe("layers", () => {
  it.each(sourceFiles)("%s imports only what its folder may", (name) => {
    const file = join(root, name);
    const from = layerOf(file);
    for (const target of importsOf(file).filter((path) => path.startsWith("."))) {
      const to = layerOf(normalize(join(dirname(file), target)));
      expect([from, ...(MAY_IMPORT[from] ?? []), ...EVERYWHERE], `${name} -> ${target}`).toContain(to);
    }
  });

  it.each(sourceFiles.filter((name) => !MAY_IMPORT_SDK.includes(layerOf(join(root, name)))))(
    "%s needs no SDK, only the API",
    (name) => {
      const packages = importsOf(join(root, name)).filter((path) => path.startsWith("@opentelemetry/"));
      expect(packages.filter((path) => path !== "@opentelemetry/api")).toEqual([]);
    },
  );
});
