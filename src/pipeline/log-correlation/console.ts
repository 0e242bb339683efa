import { format } from "node:util";
import { type LogContext, readLogContext } from "../../agent/log-context.ts";
import { logCorrelation } from "../../agent/log-correlation.ts";
import { reportFailure } from "../../internal/warn-once.ts";
import { ATTR_AGENT_NAME, LOG_SPAN_ID, LOG_TRACE_ID } from "../../telemetry/semconv.ts";

type Method = ((...args: unknown[]) => unknown) & { [PATCHED]?: true };
type Methods = Record<string, Method>;

/** Methods that write a line, with their severity in OpenTelemetry's logs data model. */
const LINES = { debug: 5, log: 9, info: 9, warn: 13, error: 17 } as const;
/** Methods that write several lines, or a part of one, through those above. */
const BLOCKS = ["assert", "count", "countReset", "dirxml", "group", "groupCollapsed", "table", "trace"];

/** On every method that we put in place, so that a second copy of this package does not add a second prefix. */
const PATCHED = Symbol.for("agent-otel.console");

/**
 * Puts `[trace id span id agent]` before each line that is logged inside a call. Elsewhere, and for tables, groups and empty
 * lines, nothing changes; nor for a line that is JSON, which would no longer be.
 *
 * @returns Puts the methods back; those that somebody else has wrapped since just pass everything through.
 */
export function correlateConsole(target: Console): () => void {
  const methods = target as unknown as Methods;
  const state = { on: true, inBlock: false };
  const restores = [
    ...Object.entries(LINES).map(([name, severity]) =>
      patch(methods, name, (original) => {
        return function (this: unknown, ...args) {
          if (!state.on || state.inBlock) return Reflect.apply(original, this, args);
          logCorrelation.record("console", () => {
            return { logger: "console", level: name, severity, ...contentOf(args) };
          });
          return Reflect.apply(original, this, prefixed(args));
        };
      }),
    ),
    ...BLOCKS.map((name) =>
      patch(methods, name, (original) => {
        return function (this: unknown, ...args) {
          const before = state.inBlock;
          state.inBlock = true;
          try {
            return Reflect.apply(original, this, args);
          } finally {
            state.inBlock = before;
          }
        };
      }),
    ),
  ];
  return () => {
    state.on = false;
    for (const restore of restores) restore();
  };
}

function patch(methods: Methods, name: string, wrap: (original: Method) => Method): () => void {
  const descriptor = Object.getOwnPropertyDescriptor(methods, name);
  const original = methods[name];
  if (typeof original !== "function" || original[PATCHED] || descriptor?.configurable === false)
    return () => {};
  const patched = wrap(original);
  patched[PATCHED] = true;
  Object.defineProperty(patched, "name", { value: original.name, configurable: true });
  const ours = { enumerable: true, configurable: true, writable: true, ...descriptor, value: patched };
  Object.defineProperty(methods, name, ours);
  return () => {
    if (methods[name] !== patched) return;
    if (descriptor === undefined) Reflect.deleteProperty(methods, name);
    else Object.defineProperty(methods, name, descriptor);
  };
}

/** The same objects, in their places; never throws. */
function prefixed(args: unknown[]): unknown[] {
  try {
    const [first, ...rest] = args;
    if (args.length === 0 || (rest.length === 0 && isBare(first))) return args;
    const place = readLogContext();
    if (place === undefined) return args;
    const prefix = prefixOf(place);
    if (typeof first === "string" && rest.length === 0) return [`${prefix} ${first}`];
    // In front of further arguments a `%` of ours would be a format specifier.
    const escaped = prefix.replaceAll("%", "%%");
    return typeof first === "string" ? [`${escaped} ${first}`, ...rest] : [escaped, ...args];
  } catch (error) {
    reportFailure("a prefix of console", error);
    return args;
  }
}

function prefixOf(place: LogContext): string {
  const parts = [place[LOG_TRACE_ID], place[LOG_SPAN_ID], place[ATTR_AGENT_NAME]];
  return `[${parts.filter((part) => part !== undefined).join(" ")}]`;
}

/** Lines that make a space, and lines that a machine reads. */
function isBare(value: unknown): boolean {
  return typeof value === "string" && (value.trim() === "" || /^\s*\{[\s\S]*\}\s*$/.test(value));
}

function contentOf(args: readonly unknown[]): { body: string; error?: unknown } {
  const error = args.find((arg) => arg instanceof Error);
  return { body: format(...args), ...(error !== undefined && { error }) };
}
