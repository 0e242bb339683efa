import { afterEach, describe, expect, it, vi } from "vitest";
import { openai } from "../../src/instrumentation/clients/openai.ts";
import { patchClient } from "../../src/instrumentation/patch-client.ts";
import { quietAnthropic } from "../../src/instrumentation/quiet-anthropic.ts";
import { serverOf } from "../../src/instrumentation/server-of.ts";
import { watch } from "../agent/support.ts";

const told = watch();

afterEach(() => vi.restoreAllMocks());

function providerAt(baseURL: string): string {
  return openai.provider(serverOf({ baseURL }).host);
}

describe("the provider of the openai client", () => {
  it.each([
    ["https://api.openai.com/v1", "openai"],
    ["https://eu.api.openai.com/v1", "openai"],
    ["https://my-resource.openai.azure.com/openai", "azure.ai.openai"],
    ["https://my-resource.services.ai.azure.com/models", "azure.ai.inference"],
    ["https://api.groq.com/openai/v1", "groq"],
    ["https://API.DeepSeek.com", "deepseek"],
    ["https://api.mistral.ai/v1", "mistral_ai"],
    ["https://api.x.ai/v1", "x_ai"],
    ["https://api.perplexity.ai", "perplexity"],
    ["https://api.moonshot.ai/v1", "moonshot_ai"],
    ["https://generativelanguage.googleapis.com/v1beta/openai/", "gcp.gemini"],
    ["http://localhost:11434/v1", "openai"],
    ["https://not-api.groq.com.example.org/v1", "openai"],
  ])("at %s is %s", (baseURL, provider) => {
    expect(providerAt(baseURL)).toBe(provider);
  });
});

describe("the server of a client", () => {
  it.each([
    ["https://api.openai.com/v1", "api.openai.com", 443],
    ["http://localhost/v1", "localhost", 80],
    ["http://127.0.0.1:8080/v1", "127.0.0.1", 8080],
  ])("at %s is %s:%i", (baseURL, host, port) => {
    expect(serverOf({ baseURL })).toMatchObject({ host, port });
  });

  it.each([[undefined], [{}], [{ baseURL: 7 }], [{ baseURL: "no url" }]])("of %j is not known", (client) => {
    expect(serverOf(client)).toMatchObject({ host: undefined, port: undefined });
  });

  it("is read anew when the client changes its base URL", () => {
    const client = { baseURL: "https://api.openai.com/v1" };
    serverOf(client);
    client.baseURL = "https://api.x.ai/v1";
    expect(serverOf(client).host).toBe("api.x.ai");
  });
});

describe("a module of an unknown shape", () => {
  it("is left alone, with one warning", () => {
    for (const shape of [{}, null, { OpenAI: class {} }, { default: 7 }]) patchClient(openai, shape);
    expect(told.warnings).toEqual([
      expect.stringContaining("this version of openai has none of the methods that are known"),
    ]);
  });

  it("whose getters throw does not throw", () => {
    const hostile = {
      get OpenAI(): never {
        throw new Error("hostile");
      },
    };
    expect(() => patchClient(openai, hostile)).not.toThrow();
  });

  it("whose prototype is frozen is left alone", () => {
    class Completions {
      create(): string {
        return "answer";
      }
    }
    Object.freeze(Completions.prototype);
    expect(() => patchClient(openai, { OpenAI: { Chat: { Completions } } })).not.toThrow();
    expect(new Completions().create()).toBe("answer");
  });
});

describe("an older client with plain promises", () => {
  it("is patched once, however often it is asked", async () => {
    class Completions {
      async create(_body: unknown): Promise<object> {
        return { id: "chatcmpl-9", model: "gpt-4o-mini", usage: { prompt_tokens: 3, completion_tokens: 4 } };
      }
    }
    const shape = { OpenAI: { Chat: { Completions } } };
    patchClient(openai, shape);
    patchClient(openai, shape);
    await new Completions().create({ model: "gpt-4o-mini" });
    expect(told.records).toEqual([expect.objectContaining({ inputTokens: 3, outputTokens: 4 })]);
  });
});

describe("quietAnthropic", () => {
  it("turns the client's spans and its propagation off", () => {
    const env = {};
    quietAnthropic(env);
    expect(env).toEqual({
      ANTHROPIC_OPEN_TELEMETRY: "false",
      ANTHROPIC_OPEN_TELEMETRY_PROPAGATION: "false",
    });
  });

  it("leaves alone what the user has set", () => {
    const env = { ANTHROPIC_OPEN_TELEMETRY: "true", ANTHROPIC_OPEN_TELEMETRY_PROPAGATION: "true" };
    quietAnthropic(env);
    expect(env).toEqual({ ANTHROPIC_OPEN_TELEMETRY: "true", ANTHROPIC_OPEN_TELEMETRY_PROPAGATION: "true" });
  });
});
