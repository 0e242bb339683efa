const WIDTH = 110;

/** JSON for people: what fits is on one line, the rest on lines of its own. */
export function prettyJson(value: unknown, indent = 0, used = 0): string {
  const flat = inline(value, WIDTH - indent - used);
  if (flat !== undefined || typeof value !== "object" || value === null) return flat ?? JSON.stringify(value);
  const inner = " ".repeat(indent + 2);
  const lines = Array.isArray(value)
    ? value.map((item) => inner + prettyJson(item, indent + 2))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => {
          const name = `${JSON.stringify(key)}: `;
          return inner + name + prettyJson(item, indent + 2, name.length);
        });
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${open}\n${lines.join(",\n")}\n${" ".repeat(indent)}${close}`;
}

/** @returns `undefined` where it takes more than `width` characters. */
function inline(value: unknown, width: number): string | undefined {
  const text = inlineText(value);
  return text.length < width ? text : undefined;
}

function inlineText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inlineText).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return "{}";
  return `{ ${entries.map(([key, item]) => `${JSON.stringify(key)}: ${inlineText(item)}`).join(", ")} }`;
}
