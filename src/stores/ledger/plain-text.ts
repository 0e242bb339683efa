/** Text that every store keeps byte for byte: no halves of characters, which UTF-8 has no form for, and no NUL, which Postgres refuses. */
export function plainText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\ufffd");
}
