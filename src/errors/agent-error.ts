const BRAND = Symbol.for("agent-otel.error");

/**
 * Base of every error that this package throws on its own account. Misuse is a plain TypeError or RangeError instead,
 * and an error of the user's function is rethrown as it is.
 */
export abstract class AgentError extends Error {
  /** Fixed and low in cardinality, so that it can be a metric attribute: becomes `error.type`. */
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

// A symbol, because two copies of the package may be installed and `instanceof` sees only its own. On the prototype: to define it on
// each error costs a quarter of a microsecond.
Object.defineProperty(AgentError.prototype, BRAND, { value: true });

/** Whether `value` is an error of this package, also one from another copy of it. */
export function isAgentError(value: unknown): value is AgentError {
  return typeof value === "object" && value !== null && BRAND in value;
}
