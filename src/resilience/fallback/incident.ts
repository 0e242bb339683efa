import { randomBytes } from "../../internal/late-builtins.ts";
import { redactMessage } from "../../internal/redact.ts";
import { errorMessage } from "../../telemetry/error-type.ts";
import { inputKey } from "./answer-key.ts";
import type { FailedCall } from "./fallback.ts";

/** What a human is told: the first failure of an incident. */
export interface Escalation {
  /** Such as `ESC-7K3M-Q9TD`. The same when it has to be sent again: what is told twice is known by it. */
  readonly ticket: string;
  /** Of the breaker or function. */
  readonly name: string | undefined;
  /** Of the error, redacted and cut: fit for a chat or a mail. */
  readonly message: string;
  readonly error: unknown;
  /** Input of the call, as it was given; the first is the state where functions work on one. `undefined` under `execute`. */
  readonly args: readonly unknown[] | undefined;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}

/** From the first failure of a name to its next success. */
export interface Incident {
  readonly escalation: Escalation;
  /** Of its first failure; `undefined` where it cannot be told from another. */
  readonly input: string | undefined;
  /** When its row is in the ledger, or never will be. */
  readonly recorded: Promise<void>;
  /** Whether the limit has let it through. */
  admitted: boolean;
  /** What the human says; `undefined` before anybody was asked. Never rejects. */
  answer: Promise<unknown> | undefined;
  /** Monotonic milliseconds before which nobody is asked again. */
  notBeforeMs: number;
}

export function escalationOf({ name, error, args }: FailedCall, atMs: number): Escalation {
  const message = redactMessage(errorMessage(error) ?? "no message");
  return Object.freeze({ ticket: newTicket(), name, message, error, args, atMs });
}

/** Tells the input of a call, where it is known and plain data. */
export function knownInput({ name, args }: FailedCall): string | undefined {
  if (args === undefined) return undefined;
  try {
    return inputKey(name, args);
  } catch {
    return undefined;
  }
}

/** Without I, L, O and U: made to be read aloud. */
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

function newTicket(): string {
  const text = Array.from(randomBytes(8), (byte) => LETTERS[byte % LETTERS.length]).join("");
  return `ESC-${text.slice(0, 4)}-${text.slice(4)}`;
}
