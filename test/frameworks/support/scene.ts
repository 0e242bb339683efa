import type { ScriptedAnswer, ScriptedProvider } from "../../../src/testing/scripted-provider.ts";

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

/** What the provider answers in each case, in order. `handoff` calls the tool that the framework hands over with. */
export function answersOf(
  name: CaseName,
  transferTool: ScriptedAnswer["toolCalls"],
): readonly ScriptedAnswer[] {
  switch (name) {
    case "plain":
    case "stream":
      return [{ text: "Otters hold hands while they sleep.", usage: FIRST }];
    case "tool":
      return [
        { toolCalls: [{ name: SEARCH, arguments: { query: "otters" } }], usage: FIRST },
        { text: "They do hold hands.", usage: SECOND },
      ];
    case "handoff":
      return [
        transferTool === undefined
          ? { text: "billing", usage: FIRST }
          : { toolCalls: transferTool, usage: FIRST },
        { text: "You were charged once.", usage: SECOND },
      ];
    case "error":
      return [{ fail: { status: 400, message: "the request is unfit" } }];
    case "abort":
      return [
        {
          text: "An answer that nobody will read to its very end, since it is too long.",
          stallAfterChunks: 2,
        },
      ];
  }
}
