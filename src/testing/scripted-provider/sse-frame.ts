/** One server-sent event. */
export interface SseFrame {
  readonly text: string;
  /** Whether it carries a piece of the answer, rather than what stands around the pieces. */
  readonly chunk: boolean;
}

/** An event that is not a chunk of the answer. Without a name it has only data, as OpenAI's chat completions do. */
export function frame(data: object | string, event?: string): SseFrame {
  return { text: encode(data, event), chunk: false };
}

export function chunkFrame(data: object, event?: string): SseFrame {
  return { text: encode(data, event), chunk: true };
}

function encode(data: object | string, event: string | undefined): string {
  const name = event === undefined ? "" : `event: ${event}\n`;
  return `${name}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
}
