import type { IncomingMessage } from "node:http";

const LARGEST_BODY = 64 * 1024;
const LONGEST_TASK = 8_000;

/** A request that cannot be read: `status` is what HTTP says of it. */
export class BodyError extends Error {
  override readonly name = "BodyError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** @returns The task of `{"task": "…"}`. @throws BodyError */
export async function readTask(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  // Not destroyed when too much comes: the answer goes over the same socket.
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > LARGEST_BODY) throw new BodyError(413, `the body must have at most ${LARGEST_BODY} bytes`);
    parts.push(part);
  }
  const task = taskOf(Buffer.concat(parts).toString("utf8"));
  if (typeof task === "string" && task.length > 0 && task.length <= LONGEST_TASK) return task;
  throw new BodyError(400, `the body must be {"task": "…"} with 1 to ${LONGEST_TASK} characters`);
}

function taskOf(text: string): unknown {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null && "task" in body ? body.task : undefined;
  } catch {
    return undefined;
  }
}
