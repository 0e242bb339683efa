/** Whether the server itself has said no. Its connection is as good as before then, unless it was ended as well. */
export function isServerError(error: unknown): boolean {
  // Not by the severity, which comes in the language of the server. Errors of Node have a code as well, and no length.
  const { code, length } = (error ?? {}) as { code?: unknown; length?: unknown };
  return typeof code === "string" && typeof length === "number";
}

/** @returns The five characters of SQLSTATE. */
export function sqlState(error: unknown): string | undefined {
  return isServerError(error) ? (error as { code: string }).code : undefined;
}

/** What to tell of an error, also of one that only holds others, as when neither IPv6 nor IPv4 answers. */
export function errorText(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0)
    return error.errors.map(errorText).join("; ");
  return error instanceof Error ? error.message || error.name : String(error);
}
