import type Anthropic from "@anthropic-ai/sdk";
import type OpenAI from "openai";
import { branchWays, chatWays } from "./branch-ways.ts";
import { failureWays } from "./failure-ways.ts";
import { plainWays } from "./plain-ways.ts";
import { rawWays } from "./raw-ways.ts";
import type { Asked, ClientStream, Facts, Runner, Way } from "./scene.ts";
import { streamWays } from "./stream-ways.ts";

interface Options {
  readonly signal?: AbortSignal;
}

/** One method of a client that asks a model, with the helpers around it. */
export interface Api {
  readonly name: string;
  readonly operation: "chat" | "embeddings";
  readonly facts: Facts;
  readonly plain: readonly Way[];
  readonly streamed: readonly Way[];
  create(client: unknown, body: object, options?: Options): Asked<object> & Asked<ClientStream>;
  parse(client: unknown, body: object): Asked<object>;
  helper(client: unknown, body: object): Runner;
  final(runner: Runner): Promise<unknown>;
}

const streamed = [...streamWays, ...failureWays, ...branchWays, ...rawWays];
const question = [{ role: "user", content: "otters?" }];

// The clients' types are those of their newest versions, and know the models they are asked for by name.
const openai = (client: unknown) => client as OpenAI;
const anthropic = (client: unknown) => client as Anthropic;

const chat: Api = {
  name: "chat",
  operation: "chat",
  facts: { tokens: [31, 7], earlyTokens: undefined, lastTokens: undefined, finish: "stop" },
  plain: plainWays,
  streamed: [...streamed, ...chatWays],
  create: (client, body, options) =>
    openai(client).chat.completions.create({ messages: question, ...body } as never, options) as never,
  parse: (client, body) =>
    openai(client).chat.completions.parse({ messages: question, ...body } as never) as never,
  helper: (client, body) =>
    openai(client).chat.completions.stream({ messages: question, ...body } as never) as never,
  final: (runner) => (runner as unknown as { finalChatCompletion(): Promise<unknown> }).finalChatCompletion(),
};

const responses: Api = {
  name: "responses",
  operation: "chat",
  facts: { tokens: [31, 7], earlyTokens: undefined, lastTokens: [31, 7], finish: "completed" },
  plain: plainWays,
  streamed,
  create: (client, body, options) =>
    openai(client).responses.create({ input: "otters?", ...body } as never, options) as never,
  parse: (client, body) => openai(client).responses.parse({ input: "otters?", ...body } as never) as never,
  helper: (client, body) => openai(client).responses.stream({ input: "otters?", ...body } as never) as never,
  final: (runner) => (runner as unknown as { finalResponse(): Promise<unknown> }).finalResponse(),
};

const none = (): never => {
  throw new Error("embeddings have no helpers");
};

const embeddings: Api = {
  name: "embeddings",
  operation: "embeddings",
  facts: { tokens: [31, 0], earlyTokens: undefined, lastTokens: undefined, finish: undefined },
  plain: plainWays.filter(({ name }) => name !== "parse helper"),
  streamed: [],
  create: (client, body, options) =>
    openai(client).embeddings.create({ input: "otters?", ...body } as never, options) as never,
  parse: none,
  helper: none,
  final: none,
};

function messagesApi(name: string, of: (client: unknown) => unknown): Api {
  const api = (client: unknown) => of(client) as Anthropic["messages"];
  const request = { max_tokens: 100, messages: question };
  return {
    name,
    operation: "chat",
    facts: { tokens: [31, 7], earlyTokens: [31, 1], lastTokens: [31, 7], finish: "end_turn" },
    plain: plainWays,
    streamed,
    create: (client, body, options) => api(client).create({ ...request, ...body } as never, options) as never,
    parse: (client, body) => api(client).parse({ ...request, ...body } as never) as never,
    helper: (client, body) => api(client).stream({ ...request, ...body } as never) as never,
    final: (runner) => (runner as unknown as { finalMessage(): Promise<unknown> }).finalMessage(),
  };
}

/** The APIs of a client library, by the name that programs import. */
export const APIS: Readonly<Record<string, readonly Api[]>> = {
  openai: [chat, responses, embeddings],
  "@anthropic-ai/sdk": [
    messagesApi("messages", (client) => anthropic(client).messages),
    messagesApi("beta messages", (client) => anthropic(client).beta.messages),
  ],
};
