const SHAPES: readonly (readonly [shape: string, pattern: RegExp])[] = [
  ["a UUID", /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i],
  ["a ULID", /(?<![A-Za-z0-9])[0-7][0-9A-HJKMNP-TV-Z]{25}(?![A-Za-z0-9])/],
  // A date such as 20250929 has eight digits and stays.
  ["a long number", /\d{10}|^\d{6,}$/],
  // Both kinds, or it would be a word ("deadbeef…" aside) or a number.
  ["a long hex number", /(?<![A-Za-z0-9])(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{16,}(?![A-Za-z0-9])/i],
];

/** Which kind of id a name is or contains; `undefined`: none. Names become time series, so ids must not be among them. */
export function idShape(name: string): string | undefined {
  // No id is that short, and most names are.
  if (name.length < 6) return undefined;
  return SHAPES.find(([, pattern]) => pattern.test(name))?.[0];
}
