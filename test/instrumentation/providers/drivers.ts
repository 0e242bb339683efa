// How each client is used, so that one suite can ask the same of all of them.
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
} from "@aws-sdk/client-bedrock-runtime";
import { GoogleGenAI } from "@google/genai";
import { Mistral } from "@mistralai/mistralai";
import { CohereClientV2 } from "cohere-ai";
import { Ollama } from "ollama";
import type { TokenUsage } from "../../../src/cost/token-usage.ts";
import * as fixtures from "./fixtures/index.ts";
import type { Replies } from "./fixtures/reply.ts";

export interface Driver {
  readonly name: string;
  readonly protocol: "http" | "http2";
  readonly replies: Replies;
  /** A client at this server, ready to be asked. */
  open(url: string): {
    plain(): Promise<unknown>;
    stream(signal?: AbortSignal): Promise<AsyncIterable<unknown>>;
    embed(): Promise<unknown>;
  };
  readonly expected: {
    readonly operation: string;
    readonly provider: string;
    readonly model: string;
    readonly responseModel?: string;
    readonly responseId?: string;
    readonly finish: string;
    readonly usage: TokenUsage;
  };
  /** These clients leave the connection open when their stream is left early, with us or without. */
  readonly keepsConnection?: true;
  /** Where it sends its requests is known from the second call of a client on. */
  readonly learnsServer?: true;
}

const messages = [{ role: "user" as const, content: "hello" }];

export const google: Driver = {
  name: "@google/genai",
  protocol: "http",
  replies: fixtures.google,
  open(url) {
    const ai = new GoogleGenAI({ apiKey: "key", httpOptions: { baseUrl: url } });
    const request = { model: "gemini-2.5-flash", contents: "hello" };
    return {
      plain: () => ai.models.generateContent(request),
      stream: (abortSignal) =>
        ai.models.generateContentStream(
          abortSignal === undefined ? request : { ...request, config: { abortSignal } },
        ),
      embed: () => ai.models.embedContent({ model: "gemini-embedding-001", contents: "hello" }),
    };
  },
  expected: {
    operation: "generate_content",
    provider: "gcp.gemini",
    model: "gemini-2.5-flash",
    responseModel: "gemini-2.5-flash",
    responseId: "resp-google-1",
    finish: "STOP",
    usage: { input: 110, output: 50, cacheRead: 40, reasoning: 30 },
  },
  keepsConnection: true,
};

export const mistral: Driver = {
  name: "@mistralai/mistralai",
  protocol: "http",
  replies: fixtures.mistral,
  open(url) {
    const client = new Mistral({ apiKey: "key", serverURL: url });
    const request = { model: "mistral-small-latest", messages };
    return {
      plain: () => client.chat.complete(request),
      stream: (signal) => client.chat.stream(request, signal === undefined ? {} : { signal }),
      embed: () => client.embeddings.create({ model: "mistral-embed", inputs: "hello" }),
    };
  },
  expected: {
    operation: "chat",
    provider: "mistral_ai",
    model: "mistral-small-latest",
    responseModel: "mistral-small-latest",
    responseId: "cmpl-mistral-1",
    finish: "stop",
    usage: { input: 100, output: 20 },
  },
};

export const cohere: Driver = {
  name: "cohere-ai",
  protocol: "http",
  replies: fixtures.cohere,
  open(url) {
    const client = new CohereClientV2({ token: "key", environment: url });
    const request = { model: "command-r-08-2024", messages };
    return {
      plain: async () => client.chat(request, { maxRetries: 0 }),
      stream: async (abortSignal) =>
        client.chatStream(request, abortSignal === undefined ? {} : { abortSignal }),
      embed: async () =>
        client.embed({
          model: "embed-v4.0",
          texts: ["hello"],
          inputType: "search_query",
          embeddingTypes: ["float"],
        }),
    };
  },
  expected: {
    operation: "chat",
    provider: "cohere",
    model: "command-r-08-2024",
    responseId: "resp-cohere-1",
    finish: "COMPLETE",
    usage: { input: 50, output: 20 },
  },
};

export const bedrock: Driver = {
  name: "@aws-sdk/client-bedrock-runtime",
  protocol: "http2",
  replies: fixtures.bedrock,
  open(url) {
    const client = bedrockClient(url);
    const input = {
      modelId: "us.anthropic.claude-sonnet-4-20250514-v1:0",
      messages: [{ role: "user" as const, content: [{ text: "hello" }] }],
    };
    return {
      plain: () => client.send(new ConverseCommand(input)),
      async stream(abortSignal) {
        const command = new ConverseStreamCommand(input);
        const { stream } = await client.send(command, abortSignal === undefined ? {} : { abortSignal });
        if (stream === undefined) throw new Error("no stream");
        return stream;
      },
      embed: () =>
        client.send(new InvokeModelCommand({ modelId: "amazon.titan-embed-text-v2:0", body: "{}" })),
    };
  },
  expected: {
    operation: "chat",
    provider: "aws.bedrock",
    model: "us.anthropic.claude-sonnet-4-20250514-v1:0",
    finish: "end_turn",
    usage: { input: 150, output: 20, cacheRead: 40, cacheWrite5m: 10 },
  },
  keepsConnection: true,
  learnsServer: true,
};

export function bedrockClient(endpoint: string): BedrockRuntimeClient {
  return new BedrockRuntimeClient({
    region: "us-east-1",
    endpoint,
    credentials: { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "example" },
    maxAttempts: 1,
  });
}

export const ollama: Driver = {
  name: "ollama",
  protocol: "http",
  replies: fixtures.ollama,
  open(url) {
    const client = new Ollama({ host: url });
    const model = "llama3.2";
    return {
      plain: () => client.chat({ model, messages }),
      async stream(signal) {
        const answer = await client.chat({ model, messages, stream: true });
        signal?.addEventListener("abort", () => answer.abort());
        return answer;
      },
      embed: () => client.embed({ model, input: "hello" }),
    };
  },
  expected: {
    operation: "chat",
    provider: "ollama",
    model: "llama3.2",
    responseModel: "llama3.2",
    finish: "stop",
    usage: { input: 26, output: 20 },
  },
  keepsConnection: true,
};
