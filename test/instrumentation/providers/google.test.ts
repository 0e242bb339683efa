import { GoogleGenAI } from "@google/genai";
import { describe, expect, it } from "vitest";
import { agent } from "../../../src/index.ts";
import { watch } from "../../agent/support.ts";
import { all } from "./all.ts";
import { google } from "./fixtures/google.ts";
import { json } from "./fixtures/reply.ts";
import "./patched.ts";
import { replyServer } from "./server.ts";

const told = watch();

describe("@google/genai", () => {
  const open = (url: string): GoogleGenAI =>
    new GoogleGenAI({ apiKey: "key", httpOptions: { baseUrl: url } });

  it("makes one span of a chat's message", async () => {
    await using server = await replyServer(google.plain);
    const chat = open(server.url).chats.create({ model: "models/gemini-2.5-flash" });
    await chat.sendMessage({ message: "hello" });
    expect(told.spans.spans.map(({ name }) => name)).toEqual(["generate_content gemini-2.5-flash"]);
  });

  it("makes one span of a chat's streamed message", async () => {
    await using server = await replyServer(google.stream);
    const chat = open(server.url).chats.create({ model: "gemini-2.5-flash" });
    await all(await chat.sendMessageStream({ message: "hello" }));
    expect(told.records).toEqual([expect.objectContaining({ inputTokens: 110, outputTokens: 50 })]);
  });

  it("makes a span of each request that the client makes to call functions by itself", async () => {
    const call = { functionCall: { name: "weather", args: {} } };
    const asks = {
      candidates: [{ content: { parts: [call], role: "model" }, finishReason: "STOP", index: 0 }],
      usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 3 },
      modelVersion: "gemini-2.5-flash",
    };
    await using server = await replyServer(json(asks));
    const weather = {
      tool: async () => ({ functionDeclarations: [{ name: "weather" }] }),
      async callTool() {
        server.reply = google.plain;
        return [{ functionResponse: { name: "weather", response: { sky: "blue" } } }];
      },
    };
    const request = { model: "gemini-2.5-flash", contents: "hello", config: { tools: [weather] } };
    await open(server.url).models.generateContent(request);
    expect(server.requests).toHaveLength(2);
    expect(told.records.map(({ inputTokens }) => inputTokens)).toEqual([7, 110]);
  });

  it("tells Vertex AI from the Gemini API", async () => {
    await using server = await replyServer(google.plain);
    const ai = new GoogleGenAI({ vertexai: true, apiKey: "key", httpOptions: { baseUrl: server.url } });
    await ai.models.generateContent({
      model: "publishers/google/models/gemini-2.5-flash",
      contents: "hello",
    });
    const { attributes } = told.spans.get("generate_content gemini-2.5-flash");
    expect(attributes["gen_ai.provider.name"]).toBe("gcp.vertex_ai");
    expect(attributes["gen_ai.usage.cost.amount"]).toBeGreaterThan(0);
  });

  it("takes what was asked for from the configuration", async () => {
    await using server = await replyServer(google.plain);
    const config = { temperature: 0.5, topK: 3, maxOutputTokens: 9, responseMimeType: "application/json" };
    await open(server.url).models.generateContent({ model: "gemini-2.5-flash", contents: "hello", config });
    expect(told.spans.spans[0]?.attributes).toMatchObject({
      "gen_ai.request.temperature": 0.5,
      "gen_ai.request.top_k": 3,
      "gen_ai.request.max_tokens": 9,
      "gen_ai.output.type": "json",
    });
  });

  it("names the reason where a prompt was refused", async () => {
    await using server = await replyServer(json({ promptFeedback: { blockReason: "SAFETY" } }));
    await open(server.url).models.generateContent({ model: "gemini-2.5-flash", contents: "hello" });
    expect(told.spans.spans[0]?.attributes["gen_ai.response.finish_reasons"]).toEqual(["SAFETY"]);
  });

  it("books the call on the agent that made it", async () => {
    await using server = await replyServer(google.stream);
    const ask = agent("researcher", async () => {
      const request = { model: "gemini-2.5-flash", contents: "hello" };
      return all(await open(server.url).models.generateContentStream(request));
    });
    await ask();
    const { attributes } = told.spans.get("generate_content gemini-2.5-flash");
    expect(attributes["gen_ai.agent.name"]).toBe("researcher");
  });
});
