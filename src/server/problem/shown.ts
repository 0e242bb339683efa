import { redactText } from "../../internal/redact.ts";

const LONGEST = 64;

/** A value that somebody sent, as a message may hold it: cut, without what looks like a secret, on one line. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  const clean = redactText(cut).toWellFormed();
  return typeof value === "string" ? JSON.stringify(clean) : clean;
}
