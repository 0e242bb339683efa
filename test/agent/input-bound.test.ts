import { describe, expect, it } from "vitest";
import { inputBound } from "../../src/agent/input-bound.ts";

const chat = (content: unknown) => ({ model: "m", messages: [{ role: "user", content }] });
const tool = {
  type: "function",
  function: { name: "look", parameters: { properties: { image: { type: "string" } } } },
};

describe("the bound of a request that is text", () => {
  it("is half a token for a letter or a space", () => {
    expect(inputBound("some words")).toBe(5);
  });

  it("is a token for each digit and sign", () => {
    expect(inputBound("{1,2}!")).toBe(6);
  });

  it("is a token for each byte of other characters", () => {
    for (const text of ["é", "猫", "😀", "ü€😀"]) expect(inputBound(text)).toBe(Buffer.byteLength(text));
  });

  it("counts all that a request holds, tools and their schemas too", () => {
    const bare = inputBound(chat("word ".repeat(100)))!;
    expect(bare).toBeGreaterThan(250);
    expect(inputBound({ ...chat("word ".repeat(100)), tools: [tool] })).toBeGreaterThan(bare + 20);
  });

  it("is known where a schema or the arguments of a tool use names that mean a file elsewhere", () => {
    const used = { type: "tool_use", id: "1", name: "look", input: { image: "a", source: { file_id: 1 } } };
    expect(inputBound({ ...chat([used]), tools: [tool] })).toBeGreaterThan(0);
  });
});

describe("nobody knows the bound", () => {
  it.each<[string, unknown]>([
    ["of an image", chat([{ type: "image_url", image_url: { url: "https://example.com/a.png" } }])],
    [
      "of a document",
      chat([{ type: "document", source: { type: "url", url: "https://example.com/a.pdf" } }]),
    ],
    [
      "of a file by its id",
      { input: [{ role: "user", content: [{ type: "input_file", file_id: "file-1" }] }] },
    ],
    ["of data in a text", chat(`${"A".repeat(3_000)}`)],
    ["of bytes", chat([{ bytes: new Uint8Array(3) }])],
    ["of a conversation that the provider keeps", { input: "go on", previous_response_id: "resp_1" }],
    [
      "with a tool that the provider runs",
      { ...chat("why?"), tools: [{ type: "web_search_20250305", name: "web_search" }] },
    ],
    ["with Google's search", { contents: "why?", tools: [{ googleSearch: {} }] }],
  ])("%s", (_, body) => {
    expect(inputBound(body)).toBeUndefined();
  });
});
