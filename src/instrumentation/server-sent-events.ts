/** An event that never ends must not fill the memory. */
const MAX_EVENT_CHARACTERS = 16 * 2 ** 20;

const BETWEEN_EVENTS = /(\r\n\r\n|\n\n|\r\r)/;

/** Cuts the bytes of a `text/event-stream` into its events, as they come. */
export class ServerSentEvents {
  readonly #decoder = new TextDecoder();
  #rest = "";

  /** @returns The events that are complete now, each with the empty line at its end, so that joined they are the input. */
  push(bytes: Uint8Array): readonly string[] {
    this.#rest += this.#decoder.decode(bytes, { stream: true });
    const parts = this.#rest.split(BETWEEN_EVENTS);
    this.#rest = parts.pop() ?? "";
    const events: string[] = [];
    for (let i = 0; i + 1 < parts.length; i += 2) events.push(`${parts[i]}${parts[i + 1]}`);
    if (this.#rest.length > MAX_EVENT_CHARACTERS) events.push(this.end());
    return events;
  }

  /** @returns What came after the last empty line. */
  end(): string {
    const rest = this.#rest;
    this.#rest = "";
    return rest;
  }
}

/** @returns The data of one event as JSON; `undefined` where it is something else, such as `[DONE]`. */
export function jsonOf(event: string): unknown {
  const lines = event.split(/\r\n|\n|\r/).filter((line) => line.startsWith("data:"));
  const data = lines.map((line) => line.slice("data:".length).trimStart()).join("\n");
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return undefined;
  }
}
