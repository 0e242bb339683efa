import { checkName } from "../../internal/check-name.ts";
import { FAILURE_FIELD } from "../failure-mark.ts";

export interface ProtectNodeOptions {
  /** Fields that nobody may read once the node has failed: what it writes. @default none */
  readonly quarantineOnFailure?: readonly string[];
  /**
   * Fields that it makes its own from: they decide what is tainted. @default every field of its state, as it could have read any
   */
  readonly readsFrom?: readonly string[];
  /**
   * What the caller gets when the node throws. `rethrow`: the same error. `continue`: the state that the node was called with, with null
   * in its quarantined fields and the failure mark; a graph gets the mark alone, since its own state stays as it is. @default "rethrow"
   */
  readonly onFailure?: "rethrow" | "continue";
  /** Whether an answer of a fallback, which carries the failure mark, counts as good. @default false */
  readonly trustFallback?: boolean;
}

export interface CheckedNodeOptions {
  readonly fields: readonly string[];
  /** `undefined`: all. */
  readonly reads: ReadonlySet<string> | undefined;
  readonly onFailure: "rethrow" | "continue";
  readonly trustFallback: boolean;
}

/** @throws TypeError that names the option and the value. */
export function checkNodeOptions(options: ProtectNodeOptions): CheckedNodeOptions {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`protectNode: the second argument must be an object, got ${String(options)}`);
  }
  const { quarantineOnFailure = [], readsFrom, onFailure = "rethrow", trustFallback = false } = options;
  checkFields("quarantineOnFailure", quarantineOnFailure);
  if (readsFrom !== undefined) checkFields("readsFrom", readsFrom);
  if (onFailure !== "rethrow" && onFailure !== "continue")
    throw new TypeError(
      `protectNode: onFailure must be "rethrow" or "continue", got ${JSON.stringify(onFailure)}`,
    );
  if (typeof trustFallback !== "boolean")
    throw new TypeError(`protectNode: trustFallback must be a boolean, got ${String(trustFallback)}`);
  const reads = readsFrom && new Set(readsFrom);
  return { fields: [...new Set(quarantineOnFailure)], reads, onFailure, trustFallback };
}

function checkFields(option: string, fields: unknown): void {
  if (!Array.isArray(fields))
    throw new TypeError(`protectNode: ${option} must be a list of field names, got ${typeof fields}`);
  for (const [i, field] of fields.entries()) checkField(`protectNode: ${option}[${i}]`, field);
}

/** @throws TypeError on what cannot be a field of a state object. */
export function checkField(owner: string, field: unknown): asserts field is string {
  checkName(owner, field);
  // A write to it would give the state another prototype, and no field.
  if (field === "__proto__" || field === FAILURE_FIELD)
    throw new TypeError(`${owner}: ${JSON.stringify(field)} cannot be the name of a field`);
}
