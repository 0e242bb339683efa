import { readLogContext } from "../../agent/log-context.ts";
import { type LogLine, logCorrelation } from "../../agent/log-correlation.ts";
import { reportFailure, warnOnce } from "../../internal/warn-once.ts";
import { LOG_SPAN_ID, LOG_TRACE_FLAGS, LOG_TRACE_ID } from "../../telemetry/semconv.ts";
import { field } from "../fields.ts";
import { ownerOf, patchMethod } from "./patch-method.ts";

/** The keys under which pino keeps what is private, as it exports them since version 5. */
type Symbols = Readonly<Record<string, symbol | undefined>>;

/** Pino's own levels, highest first, and the severity of each in OpenTelemetry's logs data model. */
const SEVERITIES = [
  [60, 21],
  [50, 17],
  [40, 13],
  [30, 9],
  [20, 5],
] as const;

/**
 * Puts the ids on every line of every pino logger, made before or after, child or not. All of them share one method that makes
 * the line, and it is called when the user's `mixin` and its merging are done: both stay as they are.
 */
export function patchPino(exports: unknown): void {
  try {
    const pino = [exports, field(exports, "default")].find((each) => typeof each === "function");
    const symbols = (field(pino, "symbols") ?? {}) as Symbols;
    const { asJsonSym } = symbols;
    const prototype = asJsonSym && ownerOf(Reflect.apply(pino as Pino, undefined, [{}, SINK]), asJsonSym);
    if (asJsonSym === undefined || prototype === undefined) {
      warnOnce("unknown:pino", "this version of pino is not known: its lines get no trace ids");
      return;
    }
    patchMethod(prototype, asJsonSym, (original) => {
      return function (this: object, fields, message, level, time) {
        if (!logCorrelation.covers("pino")) return original.call(this, fields, message, level, time);
        const line = original.call(this, withContext(this, symbols, fields), message, level, time);
        if (logCorrelation.records("pino")) {
          logCorrelation.record("pino", () => recordOf(this, symbols, String(line), Number(level)));
        }
        return line;
      };
    });
  } catch (error) {
    reportFailure("instrumenting pino", error);
  }
}

type Pino = (options: object, destination: object) => object;
/** Of a logger that never logs: it only shows where the methods are. */
const SINK = { write: () => {} };

/** A copy of the line's fields with the ids in front, or the fields as they are. What the user has set wins. */
function withContext(logger: object, symbols: Symbols, fields: unknown): unknown {
  try {
    const place = readLogContext();
    if (place === undefined || typeof fields !== "object" || fields === null) return fields;
    const bound = read(logger, symbols["chindingsSym"]);
    for (const key of Object.keys(place) as (keyof typeof place)[])
      if (typeof bound === "string" && bound.includes(`"${key}":`)) delete place[key];
    // Up to version 6 the line of an error is the error itself.
    if (fields instanceof Error) return Object.assign(Object.create(fields) as object, place, fields);
    return { ...place, ...fields };
  } catch (error) {
    reportFailure("the ids of a pino line", error);
    return fields;
  }
}

/** Read from the finished line: there serializers and redaction have done their work. */
function recordOf(logger: object, symbols: Symbols, line: string, level: number): LogLine {
  const fields = parsed(line);
  // Before version 6 the level is not among the arguments.
  const number = typeof fields?.["level"] === "number" ? fields["level"] : level;
  const { labels } = (field(logger, "levels") ?? {}) as { labels?: Readonly<Record<number, string>> };
  const head = {
    logger: "pino" as const,
    level: labels?.[number] ?? String(number),
    severity: SEVERITIES.find(([from]) => number >= from)?.[1] ?? 1,
  };
  if (fields === undefined) return { ...head, body: line.trimEnd() };
  const messageKey = textOr("msg", read(logger, symbols["messageKeySym"]));
  const errorKey = textOr("err", read(logger, symbols["errorKeySym"]));
  const { [messageKey]: body, [errorKey]: error, ...rest } = fields;
  for (const key of ["level", "time", "pid", "hostname", LOG_TRACE_ID, LOG_SPAN_ID, LOG_TRACE_FLAGS])
    delete rest[key];
  if (!isSerializedError(error))
    return { ...head, body, fields: error === undefined ? rest : { ...rest, error } };
  return { ...head, body, fields: rest, error: { ...error, name: error.type } };
}

function isSerializedError(value: unknown): value is { readonly type: string } {
  return typeof field(value, "type") === "string" && typeof field(value, "stack") === "string";
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function read(logger: object, key: symbol | undefined): unknown {
  return key === undefined ? undefined : Reflect.get(logger, key);
}

function textOr(fallback: string, value: unknown): string {
  return typeof value === "string" ? value : fallback;
}
