import type { ScriptedAnswer } from "./scripted-provider/scripted-answer.ts";

/** What a failing provider says besides its status. */
export interface FaultOptions {
  /** @default the status, in words */
  readonly message?: string;
  /** Sent as `retry-after`, in milliseconds: the real clients wait that long before they try again. @default not sent */
  readonly retryAfterMs?: number;
}

/** Where a stream ends. */
export interface StreamFaultOptions {
  /** Pieces of the answer that still arrive. @default 1 */
  readonly afterChunks?: number;
  /** The answer that the stream begins with. @default "ok", in pieces of 16 characters */
  readonly chunks?: readonly string[];
}

/**
 * What goes wrong with models and their providers, as answers for {@link scriptedProvider}: `provider.queue(faults.serverError(), "ok")`
 * fails once and then answers; `respond: () => faults.stall()` never does.
 */
export const faults = Object.freeze({
  /** 429. The real clients try twice more. */
  rateLimited: (options: FaultOptions = {}): ScriptedAnswer => failing(429, options),

  /** @param options.status 500 to 599. @default 500 */
  serverError: ({
    status = 500,
    ...options
  }: FaultOptions & { readonly status?: number } = {}): ScriptedAnswer => {
    if (!Number.isInteger(status) || status < 500 || status > 599) {
      throw new RangeError(
        `faults.serverError: status must be a whole number from 500 to 599, got ${status}`,
      );
    }
    return failing(status, options);
  },

  /** The request is read and never answered: until the client or the test gives up. */
  stall: (): ScriptedAnswer => ({ stall: true }),

  /** A stream that falls silent; an answer that is not streamed falls silent halfway through its body. */
  stalledStream: ({ afterChunks = 1, chunks }: StreamFaultOptions = {}): ScriptedAnswer => ({
    stallAfterChunks: afterChunks,
    ...(chunks === undefined ? {} : { chunks }),
  }),

  /** A stream whose connection is cut in the middle of an event; an answer that is not streamed, halfway through its body. */
  brokenStream: ({ afterChunks = 1, chunks }: StreamFaultOptions = {}): ScriptedAnswer => ({
    breakAfterChunks: afterChunks,
    ...(chunks === undefined ? {} : { chunks }),
  }),

  /** The model calls a tool that the request did not offer. Where it is offered after all, the request fails and says so. */
  hallucinatedToolCall: (tool: string, args: object = {}): ScriptedAnswer => ({
    toolCalls: [{ name: tool, arguments: args, offered: false }],
  }),

  /**
   * The model calls a tool with arguments that are no JSON. Plain Anthropic messages have no place for broken JSON: there the input is
   * the text, where an object should be.
   *
   * @param text @default JSON that breaks off
   */
  malformedToolArguments: (tool: string, text = '{"query": "ott'): ScriptedAnswer => {
    if (isJson(text)) {
      throw new TypeError(`faults.malformedToolArguments: text must be no JSON, got ${JSON.stringify(text)}`);
    }
    return { toolCalls: [{ name: tool, arguments: text }] };
  },

  /** 200 with a body that is no JSON; when streamed, an event that is none. */
  malformedBody: (): ScriptedAnswer => ({ malformed: true }),
});

function failing(status: number, { message, retryAfterMs }: FaultOptions): ScriptedAnswer {
  return {
    fail: {
      status,
      ...(message === undefined ? {} : { message }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
