import { Mistral } from "@mistralai/mistralai";
import { EventStream } from "@mistralai/mistralai/lib/event-streams.js";
import { describe, expect, it } from "vitest";
import { watch } from "../../agent/support.ts";
import { all } from "./all.ts";
import { mistral } from "./fixtures/mistral.ts";
import "./patched.ts";
import { replyServer } from "./server.ts";

const told = watch();
const messages = [{ role: "user" as const, content: "hello" }];

describe("@mistralai/mistralai", () => {
  const open = (url: string): Mistral => new Mistral({ apiKey: "key", serverURL: url });
  const request = { model: "mistral-small-latest", messages };

  it("hands out the client's own stream class, with every way to read it", async () => {
    await using server = await replyServer(mistral.stream);
    const stream = await open(server.url).chat.stream(request);
    expect(stream).toBeInstanceOf(EventStream);
    const [left, right] = stream.tee();
    expect(await all(left as AsyncIterable<unknown>)).toEqual(await all(right as AsyncIterable<unknown>));
    expect(told.records).toEqual([expect.objectContaining({ inputTokens: 100, outputTokens: 20 })]);
  });

  it("asks the provider for no more than the caller reads", async () => {
    await using server = await replyServer(mistral.stream);
    const reader = (await open(server.url).chat.stream(request)).getReader();
    await reader.read();
    expect(told.spans.open).toHaveLength(1);
    await reader.cancel();
    expect(told.spans.spans[0]?.attributes["gen_ai.response.finish_reasons"]).toEqual(["error"]);
  });

  it("counts completions in the middle of a text", async () => {
    await using server = await replyServer(mistral.plain);
    await open(server.url).fim.complete({ model: "codestral-latest", prompt: "def" });
    expect(told.spans.spans.map(({ name }) => name)).toEqual(["text_completion codestral-latest"]);
  });

  it("counts agents, whose model only the answer names", async () => {
    await using server = await replyServer(mistral.plain);
    await open(server.url).agents.complete({ agentId: "ag_1", messages });
    const { attributes, name } = told.spans.spans[0]!;
    expect([name, attributes["gen_ai.response.model"]]).toEqual(["chat", "mistral-small-latest"]);
    expect(attributes["gen_ai.usage.cost.amount"]).toBeGreaterThan(0);
  });

  it("stands back where the client makes spans itself, as the environment asks it to", async () => {
    await using server = await replyServer(mistral.plain);
    process.env["MISTRAL_SDK_TELEMETRY"] = "global";
    try {
      await open(server.url).chat.complete(request);
    } finally {
      delete process.env["MISTRAL_SDK_TELEMETRY"];
    }
    const scopes = told.spans.spans.map(({ scope }) => scope);
    expect(scopes.filter((scope) => scope === "agent-otel")).toEqual([]);
    expect(scopes).toHaveLength(1);
  });
});
