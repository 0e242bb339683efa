import { Ollama } from "ollama";
import { describe, expect, it } from "vitest";
import { watch } from "../../agent/support.ts";
import { ollama, ollamaGenerate } from "./fixtures/ollama.ts";
import "./patched.ts";
import { replyServer } from "./server.ts";

const told = watch();
const messages = [{ role: "user" as const, content: "hello" }];

describe("ollama", () => {
  it("counts generate", async () => {
    await using server = await replyServer(ollamaGenerate);
    await new Ollama({ host: server.url }).generate({ model: "llama3.2", prompt: "hello" });
    expect(told.spans.spans.map(({ name }) => name)).toEqual(["text_completion llama3.2"]);
    expect(told.records).toEqual([expect.objectContaining({ inputTokens: 26, outputTokens: 20 })]);
  });

  it("ends the span of a stream that is aborted before it is read", async () => {
    const { stream } = ollama;
    await using server = await replyServer({ ...stream, pieces: stream.pieces.slice(0, 1), hold: true });
    const client = new Ollama({ host: server.url });
    const answer = await client.chat({ model: "llama3.2", messages, stream: true });
    expect(answer.constructor.name).toBe("AbortableAsyncIterator");
    client.abort();
    await server.left;
    expect(told.spans.open).toEqual([]);
    expect(told.spans.spans[0]?.attributes["gen_ai.response.finish_reasons"]).toEqual(["error"]);
  });
});
