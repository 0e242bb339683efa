import { inspect } from "node:util";
import { type DiagLogger, type DiagLogLevel, diag } from "@opentelemetry/api";
import { redactText } from "../internal/redact.ts";
import { stderrWriter } from "../internal/stderr-writer.ts";
import { translateDuplicate } from "./second-sdk.ts";

const PREFIX = "agent-otel:";
const MAX_DIFFERENT = 1_000;

/**
 * Makes OpenTelemetry's diagnostics visible where the program has not set a logger of its own: to stderr, warnings and
 * errors once per message, so that a failing export does not fill the log.
 */
export function installDiagLogger(logLevel: DiagLogLevel): void {
  if (guardDiagLogger()) return;
  diag.setLogger(stderrLogger(stderrWriter()), { logLevel, suppressOverrideMessage: true });
}

/**
 * The API can set a logger but not say whether there is one; this is the slot where all its copies keep it. The program's own
 * is guarded in its place.
 */
function guardDiagLogger(): boolean {
  const api: unknown = Reflect.get(globalThis, Symbol.for("opentelemetry.js.api.1"));
  if (typeof api !== "object" || api === null) return false;
  const logger = Reflect.get(api, "diag") as DiagLogger | undefined;
  if (logger === undefined) return false;
  Reflect.set(api, "diag", guardedLogger(logger));
  return true;
}

/** Keeps what a logger throws or rejects out of the program: the SDK logs in the middle of starting, of spans and of exports. */
function guardedLogger(logger: DiagLogger): DiagLogger {
  const guarded =
    (level: keyof DiagLogger): DiagLogger["warn"] =>
    (...said) => {
      try {
        const returned: unknown = logger[level](...said);
        if (returned instanceof Promise) returned.catch(() => {});
      } catch {
        // Nobody is left to tell.
      }
    };
  return {
    error: guarded("error"),
    warn: guarded("warn"),
    info: guarded("info"),
    debug: guarded("debug"),
    verbose: guarded("verbose"),
  };
}

/** @param write Gets one line without its end. May throw: nobody is told. */
export function stderrLogger(write: (line: string) => void): DiagLogger {
  const given = new Set<string>();
  const always = (message: string, ...args: unknown[]) => print(write, textOf(message, args));
  const once = (message: string, ...args: unknown[]) => {
    const text = textOf(message, args);
    if (translateDuplicate(text, (line) => print(write, line))) return;
    // Counts and ports differ from time to time, the message does not.
    const key = text.replace(/\d+/g, "#");
    if (given.has(key) || given.size >= MAX_DIFFERENT) return;
    given.add(key);
    print(write, text);
  };
  return { error: once, warn: once, info: always, debug: always, verbose: always };
}

function print(write: (line: string) => void, text: string): void {
  const clean = redactText(text);
  try {
    write(clean.startsWith(PREFIX) ? clean : `${PREFIX} ${clean}`);
  } catch {
    // A closed stderr must not end the program.
  }
}

function textOf(message: string, args: readonly unknown[]): string {
  return [flattenedMessage(message), ...args.map(argumentText)].join(" ");
}

function argumentText(value: unknown): string {
  if (typeof value === "string") return value;
  return value instanceof Error
    ? value.message || value.name
    : inspect(value, { depth: 2, breakLength: Infinity });
}

/** The SDK reports errors as JSON of all their fields, with the stack first; what a reader needs is the message. */
function flattenedMessage(message: string): string {
  if (!message.startsWith("{")) return message;
  try {
    const fields: Readonly<Record<string, unknown>> = JSON.parse(message);
    return String(fields["message"] ?? fields["code"] ?? fields["name"] ?? message);
  } catch {
    return message;
  }
}
