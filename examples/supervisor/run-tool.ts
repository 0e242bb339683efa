import { log, quoted } from "./logger.ts";
import type { WorkerTool } from "./tools.ts";

/**
 * Runs the tool that a model asks for.
 *
 * @param json What the model wrote as arguments: JSON if all is well.
 * @returns What the model gets to read. A tool that fails is something that it can react to, so this throws only when the
 *   worker itself was told to stop.
 */
export async function runTool(
  tools: readonly WorkerTool[],
  name: string,
  json: string,
  signal: AbortSignal,
): Promise<string> {
  const call = `${name} ${json}`;
  try {
    const tool = tools.find((each) => each.name === name);
    if (tool === undefined) throw new Error(`there is no tool ${name}`);
    const result = await tool.run(textArguments(json, Object.keys(tool.parameters)), signal);
    log.info(`${call} → ${quoted(result)}`);
    return result;
  } catch (error) {
    signal.throwIfAborted();
    const message = error instanceof Error ? error.message : String(error);
    log.warn(`${call} failed: ${message}`);
    return `error: ${message}`;
  }
}

function textArguments(json: string, names: readonly string[]): Record<string, string> {
  const given = JSON.parse(json) as Readonly<Record<string, unknown>> | null;
  return Object.fromEntries(
    names.map((name) => {
      const value = given?.[name];
      if (typeof value !== "string") throw new TypeError(`the argument ${name} must be a string`);
      return [name, value];
    }),
  );
}
