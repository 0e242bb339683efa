import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { faults } from "../../src/testing/faults.ts";
import { scriptedProvider } from "../../src/testing/scripted-provider.ts";
import { all, anthropicFor, chatRequest, messageRequest, openaiFor } from "./clients.ts";

const tools = [{ type: "function" as const, function: { name: "search", parameters: {} } }];

describe("faults", () => {
  it("rate-limit once, and the client comes again after the wait that was named", async () => {
    await using provider = await scriptedProvider();
    provider.queue(faults.rateLimited({ retryAfterMs: 1, message: "slow down" }), "second try");
    const answer = await openaiFor(provider, 1).chat.completions.create(chatRequest);
    expect(answer.choices[0]?.message.content).toBe("second try");
    expect(provider.requests.map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it("are errors of the server, with the status that is wanted", async () => {
    await using provider = await scriptedProvider();
    provider.queue(faults.serverError(), faults.serverError({ status: 529 }));
    await expect(openaiFor(provider).chat.completions.create(chatRequest)).rejects.toThrow(
      OpenAI.InternalServerError,
    );
    await expect(anthropicFor(provider).messages.create(messageRequest)).rejects.toMatchObject({
      status: 529,
    });
    expect(() => faults.serverError({ status: 404 })).toThrow("from 500 to 599, got 404");
  });

  it("stall until the client gives up", async () => {
    await using provider = await scriptedProvider({ respond: () => faults.stall() });
    const answer = openaiFor(provider).chat.completions.create(chatRequest, { timeout: 20 });
    await expect(answer).rejects.toThrow(OpenAI.APIConnectionTimeoutError);
  });

  it("fall silent in the middle of a stream", async () => {
    await using provider = await scriptedProvider({
      respond: () => faults.stalledStream({ afterChunks: 1, chunks: ["one", "two"] }),
    });
    const stream = await anthropicFor(provider).messages.create({ ...messageRequest, stream: true });
    const texts: string[] = [];
    for await (const event of stream) {
      if (event.type !== "content_block_delta" || event.delta.type !== "text_delta") continue;
      texts.push(event.delta.text);
      break;
    }
    expect(texts).toEqual(["one"]);
    expect(await provider.requests[0]?.outcome).toBe("aborted");
  });

  it("break a stream after the pieces that are wanted", async () => {
    await using provider = await scriptedProvider({
      respond: () => faults.brokenStream({ afterChunks: 2, chunks: ["one", "two", "three"] }),
    });
    let text = "";
    const reading = async () => {
      const stream = await openaiFor(provider).chat.completions.create({ ...chatRequest, stream: true });
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    };
    await expect(reading()).rejects.toThrow("terminated");
    expect(text).toBe("onetwo");
  });

  it("call a tool that nobody offered", async () => {
    await using provider = await scriptedProvider({
      respond: () => faults.hallucinatedToolCall("delete_all", { really: true }),
    });
    const answer = await openaiFor(provider).chat.completions.create({ ...chatRequest, tools });
    expect(answer.choices[0]?.message.tool_calls).toMatchObject([
      { function: { name: "delete_all", arguments: '{"really":true}' } },
    ]);
  });

  it.each([
    [
      "chat completions",
      (provider) => openaiFor(provider).chat.completions.create({ ...chatRequest, tools }),
    ],
    [
      "responses",
      (provider) =>
        openaiFor(provider).responses.create({
          model: "m",
          input: "x",
          tools: [{ type: "function", name: "search", parameters: {}, strict: false }],
        }),
    ],
    [
      "messages",
      (provider) =>
        anthropicFor(provider).messages.create({
          ...messageRequest,
          tools: [{ name: "search", input_schema: { type: "object" } }],
        }),
    ],
  ] as [string, (provider: Awaited<ReturnType<typeof scriptedProvider>>) => Promise<unknown>][])(
    "say so where the tool is offered after all, in %s",
    async (_, ask) => {
      await using provider = await scriptedProvider({ respond: () => faults.hallucinatedToolCall("search") });
      await expect(ask(provider)).rejects.toThrow(/search\\?" is no hallucination: the request offers/);
    },
  );

  it("call a tool with arguments that are no JSON", async () => {
    await using provider = await scriptedProvider({ respond: () => faults.malformedToolArguments("search") });
    const answer = await openaiFor(provider).chat.completions.create({ ...chatRequest, tools });
    const call = answer.choices[0]?.message.tool_calls?.[0];
    expect(() => call?.type === "function" && JSON.parse(call.function.arguments)).toThrow(SyntaxError);
    expect(() => faults.malformedToolArguments("search", "{}")).toThrow('must be no JSON, got "{}"');
  });

  it("send a body that is no JSON, plain and streamed", async () => {
    await using provider = await scriptedProvider({ respond: () => faults.malformedBody() });
    // They print what they could not read.
    const openai = openaiFor(provider).withOptions({ logLevel: "off" });
    const anthropic = anthropicFor(provider).withOptions({ logLevel: "off" });
    await expect(openai.chat.completions.create(chatRequest)).rejects.toThrow(SyntaxError);
    await expect(anthropic.messages.create(messageRequest)).rejects.toThrow(SyntaxError);
    const stream = await openai.chat.completions.create({ ...chatRequest, stream: true });
    await expect(all(stream)).rejects.toThrow(SyntaxError);
    const messages = await anthropic.messages.create({ ...messageRequest, stream: true });
    await expect(all(messages)).rejects.toThrow(SyntaxError);
  });
});
