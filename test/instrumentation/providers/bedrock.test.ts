import {
  BedrockRuntime,
  ConverseCommand,
  type ConverseCommandOutput,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from "@aws-sdk/client-bedrock-runtime";
import { describe, expect, it } from "vitest";
import { watch } from "../../agent/support.ts";
import { all } from "./all.ts";
import { bedrockClient } from "./drivers.ts";
import { bedrock, bedrockBroken, bedrockInvoked, bedrockInvokedStream } from "./fixtures/bedrock.ts";
import { json } from "./fixtures/reply.ts";
import "./patched.ts";
import { replyServer } from "./server.ts";

const told = watch();

describe("@aws-sdk/client-bedrock-runtime", () => {
  const modelId = "us.anthropic.claude-sonnet-4-20250514-v1:0";
  const input = { modelId, messages: [{ role: "user" as const, content: [{ text: "hello" }] }] };
  const counted = [expect.objectContaining({ inputTokens: 150, outputTokens: 20, cacheReadTokens: 40 })];

  it("answers callbacks as ever, outside of the call", async () => {
    await using server = await replyServer(bedrock.plain, "http2");
    const client = bedrockClient(server.url);
    const answer = await new Promise<ConverseCommandOutput | undefined>((resolve, reject) => {
      const returned: unknown = client.send(new ConverseCommand(input), (error: unknown, data) =>
        error ? reject(error) : resolve(data),
      );
      expect(returned).toBeUndefined();
    });
    expect(answer?.stopReason).toBe("end_turn");
    expect(told.records).toEqual(counted);
  });

  it("gives callbacks the provider's refusal", async () => {
    await using server = await replyServer(bedrock.error, "http2");
    const error = await new Promise((resolve) => {
      bedrockClient(server.url).send(new ConverseCommand(input), {}, resolve);
    });
    expect(error).toBeInstanceOf(Error);
    expect(told.spans.spans[0]?.status.code).toBe(2);
  });

  it("counts a stream that a callback gets", async () => {
    await using server = await replyServer(bedrock.stream, "http2");
    const items = await new Promise((resolve, reject) => {
      bedrockClient(server.url).send(new ConverseStreamCommand(input), (error: unknown, data) =>
        error || data?.stream === undefined ? reject(error) : resolve(all(data.stream)),
      );
    });
    expect(items).toHaveLength(5);
    expect(told.records).toEqual(counted);
  });

  it("sees the methods of the client with all operations", async () => {
    await using server = await replyServer(bedrock.plain, "http2");
    const credentials = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "example" };
    const client = new BedrockRuntime({ region: "us-east-1", endpoint: server.url, credentials });
    await client.converse(input);
    expect(told.records).toEqual(counted);
  });

  it("fails the span of a stream that brings an error", async () => {
    await using server = await replyServer(bedrockBroken, "http2");
    const { stream } = await bedrockClient(server.url).send(new ConverseStreamCommand(input));
    await expect(all(stream!)).rejects.toThrow("Too many tokens");
    expect(told.spans.spans[0]?.attributes["error.type"]).toBe("ThrottlingException");
  });

  it("leaves the account out of a model that is named by its ARN", async () => {
    await using server = await replyServer(bedrock.plain, "http2");
    const arn = `arn:aws:bedrock:us-east-1:123456789012:inference-profile/${modelId}`;
    await bedrockClient(server.url).send(new ConverseCommand({ ...input, modelId: arn }));
    expect(told.spans.spans.map(({ name }) => name)).toEqual([`chat ${modelId}`]);
    expect(told.records[0]?.costNanoUsd).toBeGreaterThan(0);
  });

  it("counts InvokeModel where the body is of a maker that it knows", async () => {
    await using server = await replyServer(bedrockInvoked, "http2");
    const { body } = await bedrockClient(server.url).send(new InvokeModelCommand({ modelId, body: "{}" }));
    expect(JSON.parse(body.transformToString())).toMatchObject({ id: "msg_bdrk_1" });
    expect(told.records).toEqual(counted);
  });

  it("makes a span without tokens of InvokeModel where it does not", async () => {
    await using server = await replyServer(json({ generation: "Hello" }), "http2");
    await bedrockClient(server.url).send(new InvokeModelCommand({ modelId: "meta.llama", body: "{}" }));
    expect(told.spans.spans.map(({ name }) => name)).toEqual(["chat meta.llama"]);
    expect(told.spans.spans[0]?.attributes).not.toHaveProperty("gen_ai.usage.input_tokens");
  });

  it("counts a stream of InvokeModel by Bedrock's own counts", async () => {
    await using server = await replyServer(bedrockInvokedStream, "http2");
    const command = new InvokeModelWithResponseStreamCommand({ modelId, body: "{}" });
    const { body } = await bedrockClient(server.url).send(command);
    expect(await all(body!)).toHaveLength(2);
    expect(told.records).toEqual(counted);
  });

  it("keeps away from the clients that share its class", () => {
    const shared = Object.getPrototypeOf(
      Object.getPrototypeOf(bedrockClient("http://127.0.0.1:1")),
    ) as object;
    expect(Object.getOwnPropertySymbols(Reflect.get(shared, "send"))).toEqual([]);
  });
});
