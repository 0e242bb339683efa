// Preloaded: a program that imports the package gets its sources, so that nothing has to be built before.
import { registerHooks } from "node:module";

const ENTRIES = {
  "agent-otel": "index.ts",
  "agent-otel/mcp": "frameworks/mcp/index.ts",
  "agent-otel/start": "start.ts",
  "agent-otel/testing": "testing/index.ts",
};

registerHooks({
  resolve(specifier, context, next) {
    const entry = ENTRIES[specifier];
    if (entry === undefined) return next(specifier, context);
    return next(new URL(`../../../src/${entry}`, import.meta.url).href, context);
  },
});
