import { describe, expect, it } from "vitest";
import { scriptedProvider } from "../../src/testing/index.ts";
import { watch } from "../agent/support.ts";
import { capture, contentOf, watchEvents } from "./content-support.ts";
import { chatRequest, clientsOf, messageRequest, responseRequest } from "./support.ts";

const told = watch();
watchEvents();

const BYTES = Buffer.alloc(3_000, "pixel");
const BASE64 = BYTES.toString("base64");
const IMAGE = { type: "blob", modality: "image", mime_type: "image/png", byte_size: 3_000 };

function input(): unknown {
  const content = contentOf(told.spans.spans.at(-1));
  expect(
    JSON.stringify(told.spans.spans, (_, value) => (typeof value === "bigint" ? "" : value)),
  ).not.toContain(BASE64.slice(0, 24));
  return content["gen_ai.input.messages"];
}

describe("images, sounds and files", () => {
  it("of chat completions are told by type and size, never by bytes or address", async () => {
    capture("SPAN_ONLY");
    await using provider = await scriptedProvider();
    await clientsOf(provider).openai.chat.completions.create({
      ...chatRequest,
      messages: [
        {
          role: "user",
          content: [
            { type: "image_url", image_url: { url: `data:image/png;base64,${BASE64}` } },
            { type: "image_url", image_url: { url: "https://img.test/private.png?sig=s3cret" } },
            { type: "input_audio", input_audio: { data: BASE64, format: "wav" } },
            { type: "file", file: { file_id: "file-1" } },
          ],
        },
      ],
    });
    const parts = [
      IMAGE,
      { type: "uri", modality: "image" },
      { type: "blob", modality: "audio", mime_type: "audio/wav", byte_size: 3_000 },
      { type: "file", modality: "file" },
    ];
    expect(input()).toEqual([{ role: "user", parts }]);
  });

  it("of responses are told by type and size, never by bytes or address", async () => {
    capture("SPAN_ONLY");
    await using provider = await scriptedProvider();
    await clientsOf(provider).openai.responses.create({
      ...responseRequest,
      input: [
        {
          role: "user",
          content: [
            { type: "input_text", text: "what is this?" },
            { type: "input_image", detail: "auto", image_url: `data:image/png;base64,${BASE64}` },
            { type: "input_file", file_id: "file-1" },
          ],
        },
      ],
    });
    const parts = [{ type: "text", content: "what is this?" }, IMAGE, { type: "file", modality: "file" }];
    expect(input()).toEqual([{ role: "user", parts }]);
  });

  it("of messages are told by type and size, never by bytes or address", async () => {
    capture("SPAN_ONLY");
    await using provider = await scriptedProvider();
    const image = {
      type: "image",
      source: { type: "base64", media_type: "image/png", data: BASE64 },
    } as const;
    await clientsOf(provider).anthropic.messages.create({
      ...messageRequest,
      messages: [
        {
          role: "user",
          content: [
            image,
            { type: "image", source: { type: "url", url: "https://img.test/private.png" } },
            { type: "document", source: { type: "text", media_type: "text/plain", data: "a page" } },
            { type: "tool_result", tool_use_id: "toolu_1", content: [{ type: "text", text: "seen" }, image] },
          ],
        },
      ],
    });
    const response = [{ type: "text", content: "seen" }, IMAGE];
    const parts = [
      IMAGE,
      { type: "uri", modality: "image" },
      { type: "text", content: "a page" },
      { type: "tool_call_response", id: "toolu_1", response },
    ];
    expect(input()).toEqual([{ role: "user", parts }]);
  });

  it("in a text are not recorded either", async () => {
    capture("SPAN_ONLY");
    await using provider = await scriptedProvider();
    const content = `data:image/png;base64,${BASE64}`;
    await clientsOf(provider).openai.chat.completions.create({
      ...chatRequest,
      messages: [{ role: "tool", tool_call_id: "call_1", content }],
    });
    const response = `[image/png, ${content.length} characters]`;
    expect(input()).toEqual([
      { role: "tool", parts: [{ type: "tool_call_response", id: "call_1", response }] },
    ]);
  });
});
