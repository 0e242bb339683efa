import { setTimeout } from "node:timers/promises";
import * as openaiModule from "openai";
import { agent } from "../../../src/agent/agent.ts";
import { type ChatRecorder, chat } from "../../../src/agent/chat.ts";
import { openai } from "../../../src/instrumentation/clients/openai.ts";
import { patchClient } from "../../../src/instrumentation/patch-client.ts";

/** One agent call with a model call inside, as a program makes it. */
export type Ask = (number: number) => Promise<string>;

/** What a program may hand to us at an agent call and a model call. Typed as what it must not be, too: programs are not checked. */
export interface Handed {
  readonly agentOptions?: object;
  readonly chatOptions?: object;
  /** More fields of a request, made for each. */
  readonly requestFields?: () => object;
  readonly answerFields?: object;
  /** Called in each model call, for recorders. */
  readonly record?: (recorder: ChatRecorder) => void;
}

/** The error that the program itself throws in one call of a hundred: it has to come through as the same object. */
export const MINE = new Error("the program's own error");

const AT_ONCE = 20;
const PAUSE_MS = 1;

export function failsByItself(number: number): boolean {
  return number % 100 === 7;
}

/** Through `agent()`, and `chat()` or, for a call of ten, a patched client whose answers are made in memory. */
export function askThroughUs(handed: Handed = {}): Ask {
  patchClient(openai, openaiModule);
  const client = new openaiModule.OpenAI({
    apiKey: "sk-test",
    maxRetries: 0,
    fetch: async (_url, init) => answer(String(init?.body), handed.answerFields),
  });
  const options = { provider: "openai", model: "gpt-4o-mini", ...handed.chatOptions };
  return agent(
    "writer",
    async (number: number) => {
      if (failsByItself(number)) throw MINE;
      if (number % 10 === 0) return askClient(client, number, handed.requestFields);
      return chat(options, async (recorder) => {
        recorder.usage({ input: 100, output: 3 });
        handed.record?.(recorder);
        return `answer ${number}`;
      });
    },
    handed.agentOptions,
  );
}

async function askClient(
  client: openaiModule.OpenAI,
  number: number,
  fields: () => object = () => ({}),
): Promise<string> {
  const messages = [{ role: "user" as const, content: `answer ${number}` }];
  const request = Object.assign(fields(), { model: "gpt-4o-mini", messages });
  const { choices } = await client.chat.completions.create(request);
  return choices[0]?.message.content ?? "";
}

function answer(body: string, more: object = {}): Response {
  const { messages } = JSON.parse(body) as { readonly messages: readonly { readonly content: string }[] };
  const message = { role: "assistant", content: messages[0]?.content };
  const usage = { prompt_tokens: 100, completion_tokens: 3 };
  const choices = [{ index: 0, finish_reason: "stop", message }];
  const fields = { id: "c", object: "chat.completion", model: "gpt-4o-mini", choices, usage, ...more };
  return new Response(JSON.stringify(fields), { headers: { "content-type": "application/json" } });
}

/**
 * Makes all calls, some at a time.
 *
 * @param between Called after each handful, with the share of calls done.
 * @returns How many calls had another result than they have without telemetry.
 */
export async function makeCalls(calls: number, ask: Ask, between: (share: number) => void): Promise<number> {
  let wrong = 0;
  for (let first = 0; first < calls; first += AT_ONCE) {
    const right = await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => isRight(ask, first + i)));
    wrong += right.filter((each) => !each).length;
    between(first / calls);
    await setTimeout(PAUSE_MS);
  }
  return wrong;
}

async function isRight(ask: Ask, number: number): Promise<boolean> {
  try {
    return (await ask(number)) === `answer ${number}` && !failsByItself(number);
  } catch (error) {
    return error === MINE && failsByItself(number);
  }
}
