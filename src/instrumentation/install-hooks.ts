import module from "node:module";
import { warnOnce } from "../internal/warn-once.ts";
import { anthropic } from "./clients/anthropic.ts";
import { openai } from "./clients/openai.ts";
import type { ClientInstrumentation } from "./endpoint.ts";
import { patchClient } from "./patch-client.ts";

interface Hooked {
  readonly client: ClientInstrumentation;
  readonly shim: string;
}

// Built, our files end in .js; run from source, in .ts.
const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
const shim = (name: string): string => new URL(`./shims/${name}.${extension}`, import.meta.url).href;

const HOOKED: readonly Hooked[] = [
  { client: openai, shim: shim("openai") },
  { client: anthropic, shim: shim("anthropic") },
];

/** In a shim's URL: the file that the program's import meant. */
const TARGET = "?target=";

let installed = false;

/**
 * Makes every later import or require of a known client give the instrumented one. Programs that were loaded before keep what
 * they have.
 *
 * ESM: a resolve hook sends the import to a small shim, which patches the real module's prototypes and re-exports it. Nothing
 * is parsed or rewritten, so start-up costs a string comparison per import. CommonJS: require-in-the-middle.
 */
export function installHooks(): void {
  if (installed) return;
  installed = true;
  if (typeof module.registerHooks !== "function") {
    warnOnce(
      "hooks",
      `Node ${process.version} has no module.registerHooks: clients are not instrumented; use 22.15 or later`,
    );
    return;
  }
  module.registerHooks({
    resolve(specifier, context, nextResolve) {
      const hooked = HOOKED.find(({ client }) => client.packageName === specifier);
      // Hooks of this kind see require() as well, which has its own way below. Node 22.15 gives it a Set, not an array.
      if (hooked === undefined || ![...context.conditions].includes("import"))
        return nextResolve(specifier, context);
      const parent = context.parentURL;
      if (parent?.startsWith(`${hooked.shim}${TARGET}`)) {
        return {
          url: decodeURIComponent(parent.slice(hooked.shim.length + TARGET.length)),
          shortCircuit: true,
        };
      }
      const resolved = nextResolve(specifier, context);
      return {
        url: `${hooked.shim}${TARGET}${encodeURIComponent(resolved.url)}`,
        format: "module",
        shortCircuit: true,
      };
    },
  });
  hookRequire();
}

function hookRequire(): void {
  const require = module.createRequire(import.meta.url);
  const { Hook } = require("require-in-the-middle") as {
    Hook: new (
      names: string[],
      options: { internals: boolean },
      onRequire: (exports: unknown, name: string) => unknown,
    ) => unknown;
  };
  new Hook(
    HOOKED.map(({ client }) => client.packageName),
    { internals: false },
    (exports, name) => {
      const hooked = HOOKED.find(({ client }) => client.packageName === name);
      if (hooked !== undefined) patchClient(hooked.client, exports);
      return exports;
    },
  );
}
