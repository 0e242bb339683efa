import { type Context, context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { readLogContext } from "../../agent/log-context.ts";
import { type LogLine, logCorrelation } from "../../agent/log-correlation.ts";
import { reportFailure, warnOnce } from "../../internal/warn-once.ts";
import { LOG_SPAN_ID, LOG_TRACE_FLAGS, LOG_TRACE_ID } from "../../telemetry/semconv.ts";
import { field } from "../fields.ts";
import { ownerOf, patchMethod } from "./patch-method.ts";

/** Where winston keeps the level that no format can colour. */
const LEVEL = Symbol.for("level");

/** The levels of winston's three sets (npm, syslog, cli), in OpenTelemetry's logs data model. */
const SEVERITIES: Readonly<Record<string, number>> = {
  silly: 1,
  input: 2,
  verbose: 3,
  prompt: 4,
  debug: 5,
  http: 7,
  data: 8,
  info: 9,
  help: 10,
  notice: 10,
  warn: 13,
  warning: 13,
  error: 17,
  crit: 21,
  alert: 22,
  emerg: 24,
};

/** Fields of a line that have a place of their own in the record. */
const OTHERWISE_KNOWN = ["level", "message", "stack", LOG_TRACE_ID, LOG_SPAN_ID, LOG_TRACE_FLAGS];

/** Where each line was logged: a logger whose transport is behind makes the line later, in a context of somebody else. */
const contexts = new WeakMap<object, Context>();

/**
 * Puts the ids on every line of every winston logger, made before or after, child or not, before its formats see the line. The
 * log record is made of what the logger's format leaves of it.
 */
export function patchWinston(exports: unknown): void {
  try {
    const createLogger = field(exports, "createLogger") ?? field(field(exports, "default"), "createLogger");
    // Of a logger that never logs: early versions do not export its class.
    const prototype =
      typeof createLogger === "function" ? ownerOf(createLogger({ silent: true }), "configure") : undefined;
    if (prototype === undefined) {
      warnOnce("unknown:winston", "this version of winston is not known: its lines get no trace ids");
      return;
    }
    patchMethod(prototype, "write", (original) => {
      return function (this: object, info, ...rest) {
        return original.call(this, logCorrelation.covers("winston") ? withContext(info) : info, ...rest);
      };
    });
    patchMethod(prototype, "push", (original) => {
      return function (this: object, info, ...rest) {
        if (logCorrelation.records("winston")) logCorrelation.record("winston", () => recordOf(this, info));
        return original.call(this, info, ...rest);
      };
    });
  } catch (error) {
    reportFailure("instrumenting winston", error);
  }
}

/** A copy of the line with the ids in front, or the line as it is. What the user has set wins. */
function withContext(info: unknown): unknown {
  try {
    if (typeof info !== "object" || info === null) return info;
    const place = readLogContext();
    const line = place === undefined ? info : copyOf(info, place);
    if (logCorrelation.records("winston")) contexts.set(line, context.active());
    return line;
  } catch (error) {
    reportFailure("the ids of a winston line", error);
    return info;
  }
}

/** Not the object itself: the user may log it again, somewhere else. An error stays one, for `format.errors`. */
function copyOf(info: object, place: object): object {
  const prototype: unknown = info instanceof Error ? info : Object.getPrototypeOf(info);
  const fields = { ...place, ...info };
  if (prototype === Object.prototype) return fields;
  return Object.create(prototype as object | null, Object.getOwnPropertyDescriptors(fields)) as object;
}

function recordOf(logger: object, info: unknown): LogLine | undefined {
  if (typeof info !== "object" || info === null) return undefined;
  const level = String(Reflect.get(info, LEVEL) ?? field(info, "level"));
  const isEnabled = field(logger, "isLevelEnabled");
  if (typeof isEnabled === "function" && !isEnabled.call(logger, level)) return undefined;
  const { message, stack } = info as Record<string, unknown>;
  const fields: Record<string, unknown> = Object.fromEntries(Object.entries(info));
  const within = contexts.get(info) ?? contextOf(fields);
  for (const key of OTHERWISE_KNOWN) delete fields[key];
  const body = message ?? field(info, "message");
  return {
    logger: "winston",
    level,
    severity: SEVERITIES[level],
    body,
    fields,
    context: within,
    ...(typeof stack === "string" && {
      error: { name: info instanceof Error ? info.name : "Error", message: body, stack },
    }),
  };
}

/** For a line that a format has replaced by another object. */
function contextOf(fields: Readonly<Record<string, unknown>>): Context {
  const { [LOG_TRACE_ID]: traceId, [LOG_SPAN_ID]: spanId, [LOG_TRACE_FLAGS]: flags } = fields;
  if (typeof traceId !== "string" || typeof spanId !== "string") return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(String(flags), 16),
  });
}
