import { inspect } from "node:util";
import { type DiagLogger, type DiagLogLevel, diag } from "@opentelemetry/api";
import { redactText } from "../internal/redact.ts";
import { translateDuplicate } from "./second-sdk.ts";

const PREFIX = "agent-otel:";
const MAX_DIFFERENT = 1_000;

/**
 * Makes OpenTelemetry's diagnostics visible where the program has not set a logger of its own: to stderr, warnings and
 * errors once per message, so that a failing export does not fill the log.
 */
export function installDiagLogger(logLevel: DiagLogLevel): void {
  if (hasDiagLogger()) return;
  const write = (line: string) => void process.stderr.write(`${line}\n`);
  diag.setLogger(stderrLogger(write), { logLevel, suppressOverrideMessage: true });
}

/** The API can set a logger but not say whether there is one; this is the slot where all its copies keep it. */
function hasDiagLogger(): boolean {
  const api: unknown = Reflect.get(globalThis, Symbol.for("opentelemetry.js.api.1"));
  return typeof api === "object" && api !== null && Reflect.get(api, "diag") !== undefined;
}

/** @param write Gets one line without its end. May throw: nobody is told. */
export function stderrLogger(write: (line: string) => void): DiagLogger {
  const given = new Set<string>();
  const always = (message: string, ...args: unknown[]) => print(write, textOf(message, args));
  const once = (message: string, ...args: unknown[]) => {
    const text = textOf(message, args);
    if (translateDuplicate(text, (line) => print(write, line.trimEnd()))) return;
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
