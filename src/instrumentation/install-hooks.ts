import module from "node:module";
import { reportFailure, warnOnce } from "../internal/warn-once.ts";
import { packageMajor } from "./package-major.ts";

// Nothing of the instrumentation itself is imported here: a program without a client should not load it.

// Built, our files end in .js; run from source, in .ts.
const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";

interface Shim {
  /** In shims/. */
  readonly file: string;
  /**
   * The major versions whose exports it has: a stand-in with a default export that the package lacks, or the other way round,
   * would end the program. Absent where all versions agree.
   */
  readonly majors?: readonly number[];
}

/** The packages, and the shim that stands for each. */
const SHIMS: Readonly<Record<string, Shim>> = {
  openai: { file: "openai" },
  "@anthropic-ai/sdk": { file: "anthropic" },
  "@google/genai": { file: "google-genai", majors: [1, 2, 3] },
  "@mistralai/mistralai": { file: "mistral", majors: [1, 2] },
  "cohere-ai": { file: "cohere", majors: [7, 8] },
  "@aws-sdk/client-bedrock-runtime": { file: "bedrock", majors: [3] },
  ollama: { file: "ollama", majors: [0] },
  pino: { file: "pino", majors: [5, 6, 7, 8, 9, 10] },
  winston: { file: "winston", majors: [3] },
};

/** What Turbopack adds to the name of a package that it leaves outside, for its link in `.next/node_modules`. */
const TURBOPACK_HASH = /-[0-9a-f]{16}$/;

/** The package with a shim that a specifier means. */
function shimmedPackage(specifier: string): string | undefined {
  if (Object.hasOwn(SHIMS, specifier)) return specifier;
  if (!TURBOPACK_HASH.test(specifier)) return undefined;
  const name = specifier.replace(TURBOPACK_HASH, "");
  return Object.hasOwn(SHIMS, name) ? name : undefined;
}

/** In a shim's URL: the file that the program's import meant. */
const TARGET = "?target=";

let installed = false;

/**
 * Makes every later import or require of a known client give the instrumented one. Programs that were loaded before keep what
 * they have.
 *
 * ESM: a resolve hook sends the import to a small shim, which patches the real module's prototypes and re-exports it. Nothing
 * is parsed or rewritten, so start-up costs a string comparison per import. CommonJS: require-in-the-middle.
 *
 * @param folder This one, with a slash at its end: the build moves code, and only `register` knows where it stands itself.
 */
export function installHooks(folder: URL): void {
  if (installed) return;
  installed = true;
  if (typeof module.registerHooks !== "function") {
    warnOnce(
      "hooks",
      `Node ${process.version} has no module.registerHooks: clients are not instrumented; use 22.15 or later`,
    );
    return;
  }
  const shims = new Map(
    Object.entries(SHIMS).map(([name, { file }]) => [
      name,
      new URL(`shims/${file}.${extension}`, folder).href,
    ]),
  );
  module.registerHooks({
    resolve(specifier, context, nextResolve) {
      const name = shimmedPackage(specifier);
      const shim = name === undefined ? undefined : shims.get(name);
      // Hooks of this kind see require() as well, which has its own way below. Node 22.15 gives it a Set, not an array.
      if (name === undefined || shim === undefined || ![...context.conditions].includes("import"))
        return nextResolve(specifier, context);
      const parent = context.parentURL;
      if (parent?.startsWith(`${shim}${TARGET}`)) {
        return {
          url: decodeURIComponent(parent.slice(shim.length + TARGET.length)),
          shortCircuit: true,
        };
      }
      const resolved = nextResolve(specifier, context);
      if (!isKnown(name, resolved.url)) return resolved;
      return {
        url: `${shim}${TARGET}${encodeURIComponent(resolved.url)}`,
        format: "module",
        shortCircuit: true,
      };
    },
  });
  hookRequire(folder);
}

function isKnown(name: string, url: string): boolean {
  const majors = SHIMS[name]?.majors;
  if (majors === undefined) return true;
  const major = packageMajor(name, url);
  if (major !== undefined && majors.includes(major)) return true;
  warnOnce(
    `major:${name}:${major}`,
    `version ${major ?? "?"} of ${name} is not known: calls of programs that import it make no spans`,
  );
  return false;
}

/**
 * require-in-the-middle takes longer to load than all the rest of this, so it is loaded when a program first requires a client;
 * most import them.
 */
function hookRequire(folder: URL): void {
  const prototype = module.Module.prototype as { require: (this: object, id: string) => unknown };
  const original = prototype.require;
  let hooked = false;
  prototype.require = function (id) {
    if (hooked || shimmedPackage(id) === undefined) return Reflect.apply(original, this, [id]);
    hooked = true;
    try {
      requireInTheMiddle(folder);
    } catch (error) {
      reportFailure("hooking require()", error);
    }
    // Through the hook that now stands before this one.
    return Reflect.apply(prototype.require, this, [id]);
  };
}

function requireInTheMiddle(folder: URL): void {
  const require = module.createRequire(folder);
  const { Hook } = require("require-in-the-middle") as {
    Hook: new (
      names: string[],
      options: { internals: boolean },
      onRequire: (exports: unknown, name: string) => unknown,
    ) => unknown;
  };
  new Hook(Object.keys(SHIMS), { internals: false }, (exports, name) => {
    try {
      const { patchRequired } = require(
        `./patch-required.${extension}`,
      ) as typeof import("./patch-required.ts");
      patchRequired(name, exports);
    } catch (error) {
      reportFailure(`instrumenting ${name}`, error);
    }
    return exports;
  });
}
