// JSON lets these stand, and some terminals obey them: controls, and what reverses the reading direction.
const TERMINAL_CONTROLS = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A value as JSON on one line, safe to print; it parses to the same value. */
export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value).replace(TERMINAL_CONTROLS, escaped)}\n`;
}

function escaped(character: string): string {
  // By code units, as JSON wants a character beyond 16 bits.
  return Array.from({ length: character.length }, (_, i) => {
    return `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`;
  }).join("");
}
