import { describe, expect, it } from "vitest";
import { scriptedProvider } from "../../src/testing/index.ts";
import { watch } from "../agent/support.ts";
import { bothWays, chatRequest, clientsOf, messageRequest, responseRequest, USAGE } from "./support.ts";

const told = watch();
const respond = () => ({ text: "otters hold hands", usage: USAGE });
const streamed = { ...chatRequest, stream: true } as const;

const READINGS = {
  json: (response: Response) => response.json(),
  text: (response: Response) => response.text(),
  arrayBuffer: async (response: Response) => Buffer.from(await response.arrayBuffer()).toString(),
  blob: async (response: Response) => (await response.blob()).text(),
  "a reader of its body": async ({ body }: Response) => {
    const reader = body!.getReader();
    const chunks: Uint8Array[] = [];
    for (let next = await reader.read(); !next.done; next = await reader.read()) chunks.push(next.value);
    return Buffer.concat(chunks).toString();
  },
  "another Response around its body": ({ body }: Response) => new Response(body).text(),
} as const;
const readings = Object.entries(READINGS);

describe("a response that is taken raw", () => {
  it.each(readings)("has its tokens when it is read by %s", async (_, read) => {
    await using provider = await scriptedProvider({ respond });
    await read(await clientsOf(provider).openai.chat.completions.create(chatRequest).asResponse());
    expect(told.spans.get("chat gpt-4o-mini").attributes["gen_ai.usage.output_tokens"]).toBe(USAGE.output);
  });

  it.each(readings)("is the same to the caller when it is read by %s", async (_, read) => {
    const { patched, untouched } = await bothWays([{ text: "otters" }], async ({ openai }) =>
      read(await openai.chat.completions.create(chatRequest).asResponse()),
    );
    expect(patched).toEqual(untouched);
  });

  it("is one call until its body is read", async () => {
    await using provider = await scriptedProvider({ respond });
    const response = await clientsOf(provider).openai.chat.completions.create(chatRequest).asResponse();
    expect(told.spans.spans).toEqual([]);
    await response.text();
    expect(told.spans.spans).toHaveLength(1);
  });

  it("has the platform's own error when it is read twice", async () => {
    const { patched, untouched } = await bothWays([{ text: "otters" }], async ({ openai }) => {
      const response = await openai.chat.completions.create(chatRequest).asResponse();
      await response.json();
      return response.json().catch((error: Error) => [error.name, error.message, response.bodyUsed]);
    });
    expect(patched).toEqual(untouched);
  });

  it("can be cloned", async () => {
    await using provider = await scriptedProvider({ respond });
    const response = await clientsOf(provider).openai.chat.completions.create(chatRequest).asResponse();
    const copy = response.clone();
    expect(await copy.json()).toEqual(await response.json());
  });

  it("has its tokens beside an answer that was parsed", async () => {
    await using provider = await scriptedProvider({ respond });
    await clientsOf(provider).openai.chat.completions.create(chatRequest).withResponse();
    expect(told.spans.get("chat gpt-4o-mini").attributes["gen_ai.usage.input_tokens"]).toBe(USAGE.input);
  });
});

describe("a stream that is taken raw", () => {
  const textReadings = readings.filter(([name]) => name !== "json");

  it.each(textReadings)("has its tokens when it is read by %s", async (_, read) => {
    await using provider = await scriptedProvider({ respond });
    await read(await clientsOf(provider).openai.chat.completions.create(streamed).asResponse());
    const { attributes } = told.spans.get("chat gpt-4o-mini");
    expect(attributes).toMatchObject({
      "gen_ai.usage.output_tokens": USAGE.output,
      "gen_ai.response.finish_reasons": ["stop"],
    });
  });

  it("has its tokens in the responses protocol", async () => {
    await using provider = await scriptedProvider({ respond });
    const request = { ...responseRequest, stream: true } as const;
    await (await clientsOf(provider).openai.responses.create(request).asResponse()).text();
    expect(told.spans.get("chat gpt-5").attributes["gen_ai.usage.output_tokens"]).toBe(USAGE.output);
  });

  it("has its tokens from Anthropic", async () => {
    await using provider = await scriptedProvider({ respond });
    const request = { ...messageRequest, stream: true } as const;
    await (await clientsOf(provider).anthropic.messages.create(request).asResponse()).text();
    expect(told.spans.get("chat claude-sonnet-5").attributes["gen_ai.usage.output_tokens"]).toBe(
      USAGE.output,
    );
  });

  it.each(textReadings)("is byte for byte what it would be without us, read by %s", async (_, read) => {
    const { patched, untouched } = await bothWays([{ text: "otters" }], async ({ openai }) =>
      read(await openai.chat.completions.create(streamed).asResponse()),
    );
    expect(patched.seen).toBe(untouched.seen);
  });

  it("that is cancelled has the finish reason error", async () => {
    await using provider = await scriptedProvider({ respond });
    const response = await clientsOf(provider)
      .anthropic.messages.create({ ...messageRequest, stream: true })
      .asResponse();
    await response.body!.cancel();
    const { attributes } = told.spans.get("chat claude-sonnet-5");
    expect(attributes["gen_ai.response.finish_reasons"]).toEqual(["error"]);
  });
});
