import type {
  ScriptedAnswer,
  ScriptedProvider,
  ScriptedToolCall,
} from "../../../src/testing/scripted-provider.ts";

export const MODEL = "gpt-4o-mini";
/** For frameworks that speak Anthropic's protocol. */
export const CLAUDE = "claude-haiku-4-5";

/** The agents and the tool of every case. */
export const RESEARCHER = "researcher";
export const TRIAGE = "triage";
export const BILLING = "billing";
export const SEARCH = "search";

/** What a framework's program gets: it talks to the scripted provider as it would to a real one. */
export interface Scene {
  readonly provider: ScriptedProvider;
  readonly model: string;
  /** Aborted by the program itself in the case `abort`, once it has seen a first piece of the answer. */
  readonly abort: AbortController;
}

/** Runs one case in the framework. May throw in `error` and in `abort`, as the framework does. */
export type Play = (scene: Scene) => Promise<unknown>;

export type CaseName = "plain" | "stream" | "tool" | "handoff" | "error" | "abort";
export type Plays = Readonly<Record<CaseName, Play>>;

export const FIRST = { input: 120, output: 30, cacheRead: 40 } as const;
export const SECOND = { input: 200, output: 25 } as const;
export const THIRD = { input: 260, output: 15 } as const;

/** What a framework does in its own way: others are expected, and as exactly. */
export interface Ways {
  /** What it calls the tool of the case `tool`. @default SEARCH */
  readonly toolName?: string;
  /** How its model asks for the handoff; left out where the program itself hands over. */
  readonly transfer?: readonly ScriptedToolCall[];
  /** In place of a handoff: how its model runs the other agent as a tool, after which it goes on with one more request. */
  readonly delegate?: ScriptedToolCall;
  /** How the provider fails, and how often the framework asks again by itself. @default 400, never */
  readonly failure?: { readonly status: number; readonly retries: number };
}

/** What the provider answers in each case, in order. `handoff` calls the tool that the framework hands over with. */
export function answersOf(
  name: CaseName,
  { toolName = SEARCH, transfer, delegate, failure = { status: 400, retries: 0 } }: Ways,
): readonly ScriptedAnswer[] {
  switch (name) {
    case "plain":
    case "stream":
      return [{ text: "Otters hold hands while they sleep.", usage: FIRST }];
    case "tool":
      return [
        { toolCalls: [{ name: toolName, arguments: { query: "otters" } }], usage: FIRST },
        { text: "They do hold hands.", usage: SECOND },
      ];
    case "handoff":
      if (delegate !== undefined)
        return [
          { toolCalls: [delegate], usage: FIRST },
          { text: "You were charged once.", usage: SECOND },
          { text: "Once, billing says.", usage: THIRD },
        ];
      return [
        transfer === undefined ? { text: "billing", usage: FIRST } : { toolCalls: transfer, usage: FIRST },
        { text: "You were charged once.", usage: SECOND },
      ];
    case "error":
      return Array.from({ length: 1 + failure.retries }, () => ({
        fail: { status: failure.status, message: "the request is unfit" },
      }));
    case "abort":
      return [
        {
          text: "An answer that nobody will read to its very end, since it is too long.",
          stallAfterChunks: 2,
        },
      ];
  }
}
