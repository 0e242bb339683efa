import { checkName } from "../../internal/check-name.ts";
import { checkWhole } from "../../internal/check-number.ts";
import { isPlainObject } from "../../internal/plain-json.ts";
import { TOOL_MARK } from "../../internal/tool-mark.ts";
import type { MaybePromise } from "./maybe-promise.ts";
import { type JsonSchema, type SchemaCheck, type StandardSchema, schemaCheck } from "./schema.ts";
import type { GuardedCall } from "./tool-call.ts";

/** What the schema gives back; any JSON object where there is none, and where it is a JSON Schema. */
export type ToolArguments<Args> = unknown extends Args ? Record<string, unknown> : Args;

/** A tool that models may call. */
export interface GuardedTool<Args = unknown> {
  /** Of zod, valibot, arktype or another with Standard Schema, or a JSON Schema. @default any JSON object */
  readonly schema?: StandardSchema<Args> | JsonSchema;
  /** For its span (`gen_ai.tool.description`). */
  readonly description?: string;
  /** How often it may run in one run of an agent. @default no limit */
  readonly maxCalls?: number;
  /** A function, or a `tool()`, which then makes the span. Left out where `around` is given what runs the tools. */
  run?(args: ToolArguments<Args>, call: GuardedCall<ToolArguments<Args>>): unknown;
}

/**
 * The user's own check of a call that fits its schema.
 *
 * @returns Nothing or `true` to let it run; a text that says to the model why not, or `false`.
 */
export type ValidateToolCall = (call: GuardedCall) => MaybePromise<string | boolean | undefined>;

/** What {@link toolGuard} takes. */
export interface ToolGuardOptions<Tools extends Readonly<Record<string, unknown>>> {
  /** By name; names alone where `around` is given what runs them. */
  readonly tools: { readonly [K in keyof Tools]: GuardedTool<Tools[K]> } | readonly string[];
  /**
   * Names of the tools that each agent has. Then one that is not in here has those of its own option `tools`, or none.
   *
   * @default those of the agent's own option `tools`; all, where it has no such option
   */
  readonly agents?: Readonly<Record<string, readonly string[]>>;
  /** How often tools may run in one run of an agent, all together. @default no limit */
  readonly maxCalls?: number;
  /** Asked last, before the tool runs. Where it throws, the call is refused. */
  readonly validate?: ValidateToolCall;
  /** Of the JSON text of the arguments. 1 to 16 MiB. @default 262_144 */
  readonly maxArgumentBytes?: number;
}

/** A tool as the guard keeps it. */
export interface KnownTool {
  readonly name: string;
  readonly description: string | undefined;
  readonly check: SchemaCheck;
  readonly maxCalls: number;
  readonly run: ((args: unknown, call: GuardedCall) => unknown) | undefined;
  /** Whether `run` is a `tool()`, with a span of its own. */
  readonly isTool: boolean;
}

const MAX_ARGUMENT_BYTES = 262_144;
const MOST_ARGUMENT_BYTES = 16_777_216;

/** @throws TypeError or RangeError that names the option. */
export function knownTools(tools: unknown): ReadonlyMap<string, KnownTool> {
  if (Array.isArray(tools)) return byName(tools.map((name: unknown) => [name, {}]));
  if (isPlainObject(tools)) return byName(Object.entries(tools));
  throw new TypeError(
    `toolGuard: tools must be an object of tools by name, or a list of names, got ${typeof tools}`,
  );
}

function byName(entries: readonly (readonly [unknown, unknown])[]): ReadonlyMap<string, KnownTool> {
  if (entries.length === 0) throw new TypeError("toolGuard: tools must name at least one tool");
  return new Map(
    entries.map(([name, tool]) => {
      checkName("toolGuard: tool", name);
      return [name, knownTool(name, tool)];
    }),
  );
}

function knownTool(name: string, tool: unknown): KnownTool {
  const option = `toolGuard: tool "${name}"`;
  if (typeof tool !== "object" || tool === null)
    throw new TypeError(`${option} must be an object, got ${typeof tool}`);
  const { schema, description, maxCalls, run } = tool as GuardedTool;
  if (run !== undefined && typeof run !== "function")
    throw new TypeError(`${option}: run must be a function, got ${typeof run}`);
  if (description !== undefined && typeof description !== "string")
    throw new TypeError(`${option}: description must be a string, got ${typeof description}`);
  return {
    name,
    description,
    check: schemaCheck(`${option}: schema`, schema),
    maxCalls: maxCallsOf(`${option}: maxCalls`, maxCalls),
    isTool: run !== undefined && TOOL_MARK in run,
    run: run && ((args, call) => Reflect.apply(run, tool, [args as Record<string, unknown>, call])),
  };
}

export function maxCallsOf(option: string, value: unknown): number {
  return value === undefined ? Number.POSITIVE_INFINITY : checkWhole(option, value, 0);
}

export function maxBytesOf(value: unknown): number {
  if (value === undefined) return MAX_ARGUMENT_BYTES;
  return checkWhole("toolGuard: maxArgumentBytes", value, 1, MOST_ARGUMENT_BYTES);
}

/** @throws TypeError that names the agent and the tool that is not among `tools`. */
export function grantsOf(
  agents: unknown,
  tools: ReadonlyMap<string, KnownTool>,
): ReadonlyMap<string, ReadonlySet<string>> | undefined {
  if (agents === undefined) return undefined;
  if (!isPlainObject(agents))
    throw new TypeError(`toolGuard: agents must be an object of lists by agent, got ${typeof agents}`);
  return new Map(
    Object.entries(agents).map(([agent, list]) => {
      if (!Array.isArray(list))
        throw new TypeError(`toolGuard: agents.${agent} must be a list of tool names, got ${typeof list}`);
      const unknown: unknown = list.find((name) => !tools.has(name as string));
      if (unknown !== undefined)
        throw new TypeError(
          `toolGuard: agents.${agent} must name tools of this guard, got ${JSON.stringify(unknown)}`,
        );
      return [agent, new Set(list as string[])];
    }),
  );
}

export function checkValidate(validate: unknown): void {
  if (validate !== undefined && typeof validate !== "function")
    throw new TypeError(`toolGuard: validate must be a function, got ${typeof validate}`);
}
