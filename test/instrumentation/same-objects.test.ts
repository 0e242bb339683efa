import { APIPromise as AnthropicPromise } from "@anthropic-ai/sdk";
import { Stream as AnthropicStream } from "@anthropic-ai/sdk/streaming";
import { APIPromise } from "openai";
import { Stream } from "openai/streaming";
import { describe, expect, it } from "vitest";
import { scriptedProvider } from "../../src/testing/index.ts";
import { watch } from "../agent/support.ts";
import { all, chatRequest, clientsOf, messageRequest, responseRequest } from "./support.ts";

watch();

const stream = true as const;

describe("what a patched client hands out", () => {
  it("is the client's own promise class, openai", async () => {
    await using provider = await scriptedProvider();
    const { openai } = clientsOf(provider);
    const chat = openai.chat.completions.create(chatRequest);
    const response = openai.responses.create(responseRequest);
    expect([chat.constructor, response.constructor]).toEqual([APIPromise, APIPromise]);
    await Promise.all([chat, response]);
  });

  it("is the client's own promise class, Anthropic", async () => {
    await using provider = await scriptedProvider();
    const message = clientsOf(provider).anthropic.messages.create(messageRequest);
    expect(message.constructor).toBe(AnthropicPromise);
    await message;
  });

  it("has the own keys that the client gives it, and no more", async () => {
    await using provider = await scriptedProvider();
    const [patched, untouched] = [clientsOf(provider), clientsOf(provider, { untouched: true })].map(
      ({ openai }) => openai.chat.completions.create(chatRequest),
    );
    expect(Object.keys(patched!)).toEqual(Object.keys(untouched!));
    await Promise.all([patched, untouched]);
  });

  it("is the client's own stream class, with its controller", async () => {
    await using provider = await scriptedProvider();
    const { openai, anthropic } = clientsOf(provider);
    const chat = await openai.chat.completions.create({ ...chatRequest, stream });
    const message = await anthropic.messages.create({ ...messageRequest, stream });
    expect(chat).toBeInstanceOf(Stream);
    expect(message).toBeInstanceOf(AnthropicStream);
    expect(chat.controller).toBeInstanceOf(AbortController);
    await all(chat);
    await all(message);
  });

  it("brings the same object to everyone who awaits it", async () => {
    await using provider = await scriptedProvider();
    const promise = clientsOf(provider).openai.chat.completions.create(chatRequest);
    expect(await promise).toBe(await promise);
    expect((await promise.withResponse()).data).toBe(await promise);
  });

  it("is refused a second reading by the client, as ever", async () => {
    await using provider = await scriptedProvider();
    const answer = await clientsOf(provider).openai.chat.completions.create({ ...chatRequest, stream });
    await all(answer);
    await expect(all(answer)).rejects.toThrow("consumed stream");
  });

  it("leaves the caller's request object alone", async () => {
    await using provider = await scriptedProvider();
    const request = Object.freeze({ ...chatRequest, stream });
    await all(await clientsOf(provider).openai.chat.completions.create(request));
    expect(request).toEqual({ ...chatRequest, stream });
  });

  it("has create methods that look like the client's", async () => {
    await using provider = await scriptedProvider();
    const [patched, untouched] = [clientsOf(provider), clientsOf(provider, { untouched: true })].map(
      ({ openai, anthropic }) =>
        [openai.chat.completions, openai.responses, anthropic.messages, anthropic.beta.messages].map(
          (resource) => [resource.create.name, resource.create.length, Object.keys(resource.create)],
        ),
    );
    expect(patched).toEqual(untouched);
  });
});

describe("a request of a class of its own", () => {
  it("is serialized by its own toJSON", async () => {
    class Prompt {
      readonly model = "gpt-4o-mini";
      readonly stream = true;
      readonly messages = chatRequest.messages;
      readonly #secret = 7;
      get seed(): number {
        return this.#secret;
      }
      toJSON(): object {
        return { model: this.model, stream: this.stream, messages: this.messages, seed: this.seed };
      }
    }
    await using provider = await scriptedProvider();
    await all(await clientsOf(provider).openai.chat.completions.create(new Prompt()));
    expect(provider.requests[0]?.body).toMatchObject({ model: "gpt-4o-mini", stream: true, seed: 7 });
  });
});
