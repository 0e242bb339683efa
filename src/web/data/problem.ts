import type { Problem } from "../../server/api/common.ts";

/** Why there is no answer. */
export interface Refusal extends Problem {
  /** What to run instead, where the server cannot do it from here. */
  readonly command?: string;
}

/** What the server said, or why it said nothing: asking never throws. */
export type Answer<T> =
  | { readonly ok: true; readonly data: T }
  | { readonly ok: false; readonly refusal: Refusal };

/** `status` 0: the server was not reached. */
export function unreachable(): Refusal {
  return {
    type: "about:blank",
    title: "The server does not answer",
    status: 0,
    detail: "It may have been stopped. Start `agent-otel dev` again; this page goes on by itself.",
  };
}

/** The refusal in a body that may be anything, since a proxy may have answered. */
export function toRefusal(status: number, body: unknown): Refusal {
  const given: Partial<Record<keyof Refusal, unknown>> =
    typeof body === "object" && body !== null ? body : {};
  const detail = typeof given.detail === "string" ? given.detail : `The server answered with ${status}.`;
  return {
    type: "about:blank",
    title: typeof given.title === "string" ? given.title : `Error ${status}`,
    status,
    detail,
    ...(typeof given.command === "string" && { command: given.command }),
  };
}

/** Whether this server does not have what was asked for at all, so that to try again is of no use. */
export function isAbsent({ status }: Refusal): boolean {
  return status === 404 || status === 501;
}
