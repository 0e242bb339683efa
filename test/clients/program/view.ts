const ERROR_FIELDS = ["name", "message", "status", "code", "type", "param", "requestID", "error"] as const;

/** What the caller sees, as JSON with its order of keys; the server's own address, which changes, is replaced. */
export function viewOf(value: unknown, serverUrl: string): string {
  return (JSON.stringify(described(value)) ?? "undefined").replaceAll(serverUrl, "http://server");
}

function described(value: unknown): unknown {
  if (value instanceof Response) {
    const { status, statusText, url, type, redirected, ok } = value;
    return { status, statusText, url, type, redirected, ok, headers: [...value.headers] };
  }
  if (!(value instanceof Error)) return value;
  const fields = ERROR_FIELDS.map((name) => [name, (value as unknown as Record<string, unknown>)[name]]);
  const cause = value.cause instanceof Error ? described(value.cause) : undefined;
  return { thrown: value.constructor.name, ...Object.fromEntries(fields), cause };
}
