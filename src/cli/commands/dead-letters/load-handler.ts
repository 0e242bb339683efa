import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { ReplayHandler } from "../../../work/dead-letter-queue.ts";
import { CliError } from "../../cli-error.ts";
import { errorText } from "./view.ts";

/** The function that a module exports as `handler`, or by default. @throws CliError. */
export async function loadHandler(file: string): Promise<ReplayHandler> {
  const path = resolve(file);
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new CliError(`cannot load the module ${path}: ${errorText(error)}`, { cause: error });
  }
  const handler = exported["handler"] ?? exported["default"];
  if (typeof handler === "function") return handler as ReplayHandler;
  throw new CliError(`the module ${path} must export a function as "handler", or by default`);
}
