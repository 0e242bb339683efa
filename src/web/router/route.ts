/** Which view is shown, and of what: `#/agents/writer?period=hourly`. */
export interface Route {
  /** Decoded segments: `["agents", "writer"]`; empty for the first view. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

export function parseRoute(hash: string): Route {
  const text = hash.replace(/^#\/?/, "");
  const mark = text.indexOf("?");
  const path = mark < 0 ? text : text.slice(0, mark);
  return {
    path: path
      .split("/")
      .filter((part) => part !== "")
      .map(decode),
    query: new URLSearchParams(mark < 0 ? "" : text.slice(mark + 1)),
  };
}

/** @param query What is `undefined` or empty is left out. */
export function formatRoute(
  path: readonly string[],
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const given = Object.entries(query).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "",
  );
  const end = given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
  return `#/${path.map((part) => encodeURIComponent(part.toWellFormed())).join("/")}${end}`;
}

/** An address that somebody typed may hold a lone `%`. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
