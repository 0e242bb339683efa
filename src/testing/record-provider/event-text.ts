import type { RecordedEvent } from "./recording.ts";

/** The events of a whole stream of server-sent events. Comments, which keep connections open, are left out. */
export function parseEvents(text: string): RecordedEvent[] {
  return text
    .replace(/^\uFEFF/, "")
    .split(/\r\n\r\n|\n\n|\r\r/)
    .flatMap((block) => {
      const fields = block.split(/\r\n|\n|\r/).map(fieldOf);
      const data = fields.filter(([name]) => name === "data").map(([, value]) => value);
      if (data.length === 0) return [];
      const last = (wanted: string) => fields.findLast(([name]) => name === wanted)?.[1];
      const [event, id] = [last("event"), last("id")];
      return [
        {
          ...(event === undefined ? {} : { event }),
          ...(id === undefined ? {} : { id }),
          data: jsonOr(data.join("\n")),
        },
      ];
    });
}

/** As the provider sent it, but for blanks in its JSON. */
export function eventText({ event, id, data }: RecordedEvent): string {
  const text = typeof data === "string" ? data : JSON.stringify(data);
  const lines = [
    ...(event === undefined ? [] : [`event: ${event}`]),
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...text.split("\n").map((line) => `data: ${line}`),
  ];
  return `${lines.join("\n")}\n\n`;
}

function fieldOf(line: string): readonly [name: string, value: string] {
  const colon = line.indexOf(":");
  if (colon === -1) return [line, ""];
  const value = line.slice(colon + 1);
  return [line.slice(0, colon), value.startsWith(" ") ? value.slice(1) : value];
}

/** A JSON string stays text: it could not be told from one that is none. */
function jsonOr(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? text : value;
  } catch {
    return text;
  }
}
