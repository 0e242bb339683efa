/** A query string with its `?`, without what is not given. */
export function query(parameters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "",
  );
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}

/** A name as one segment of a path: it may hold slashes. */
export function segment(name: string): string {
  return encodeURIComponent(name.toWellFormed());
}
