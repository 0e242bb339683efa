import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { NotRecordedError } from "../../../src/errors/not-recorded-error.ts";
import { type RecordedProvider, recordProvider } from "../../../src/testing/record-provider.ts";
import { type ScriptedProvider, scriptedProvider } from "../../../src/testing/scripted-provider.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { all, chatRequest, messageRequest } from "../clients.ts";

const KEY = "sk-proj-aB3dE5gH7jK9mN1pQ3sT5vX7zB9dF1hJ";

interface Asked {
  readonly openai: OpenAI;
  readonly anthropic: Anthropic;
}

function clientsOf(provider: RecordedProvider): Asked {
  return {
    openai: new OpenAI({
      apiKey: KEY,
      organization: "org-Kd93jdk20dkLsk3",
      baseURL: provider.openaiBaseUrl,
      maxRetries: 0,
    }),
    anthropic: new Anthropic({ apiKey: `${KEY}a`, baseURL: provider.anthropicBaseUrl, maxRetries: 0 }),
  };
}

/** Each way of asking, with all that its client makes of the answer. */
const WAYS: Readonly<Record<string, (clients: Asked) => Promise<unknown>>> = {
  "openai chat": ({ openai }) => openai.chat.completions.create(chatRequest),
  "openai chat, streamed": async ({ openai }) =>
    all(await openai.chat.completions.create({ ...chatRequest, stream: true })),
  "openai responses": ({ openai }) => openai.responses.create({ model: "gpt-5", input: "x" }),
  "openai responses, streamed": async ({ openai }) =>
    all(await openai.responses.create({ model: "gpt-5", input: "x", stream: true })),
  "openai embeddings": ({ openai }) => openai.embeddings.create({ model: "e", input: "otters" }),
  "openai models": async ({ openai }) => (await openai.models.list()).data,
  "anthropic messages": ({ anthropic }) => anthropic.messages.create(messageRequest),
  "anthropic messages, streamed": async ({ anthropic }) =>
    all(await anthropic.messages.create({ ...messageRequest, stream: true })),
};

async function real(): Promise<ScriptedProvider> {
  return scriptedProvider({
    models: ["gpt-5"],
    respond: ({ sequence, protocol }) =>
      protocol === "openai.embeddings"
        ? {}
        : {
            text: `Otters hold hands. Number ${sequence}.`,
            thinking: "Think.",
            toolCalls: [{ name: "search", arguments: { query: "otters", page: sequence } }],
          },
  });
}

async function record(
  file: string,
  work: (clients: Asked) => Promise<unknown>,
  upstream: string,
): Promise<unknown> {
  await using provider = await recordProvider({ upstream, file, mode: "record" });
  return plain(await work(clientsOf(provider)));
}

async function replay(file: string, work: (clients: Asked) => Promise<unknown>): Promise<unknown> {
  await using provider = await recordProvider({ upstream: "http://127.0.0.1:9", file, mode: "replay" });
  return plain(await work(clientsOf(provider)));
}

/** Without what clients add of their own, as the request id of a header. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value ?? null, (key, inner: unknown) => (key === "_request_id" ? undefined : inner)),
  );
}

async function fileOf(): Promise<string> {
  return join(await temporaryFolder(), "recording.json");
}

describe("recordProvider", () => {
  it.each(Object.entries(WAYS))("replays %s as it was recorded, with nobody to ask", async (_, ask) => {
    const file = await fileOf();
    await using provider = await real();
    const recorded = await record(file, ask, provider.url);
    expect(provider.requests).toHaveLength(1);
    await provider.close();
    expect(await replay(file, ask)).toEqual(recorded);
    expect(await replay(file, ask)).toEqual(recorded);
  });

  it("hands a stream on as it comes, and replays it event by event", async () => {
    const file = await fileOf();
    await using provider = await scriptedProvider({ respond: () => ({ chunks: ["one ", "two ", "three"] }) });
    const pieces = async ({ openai }: Asked) => {
      const stream = await openai.chat.completions.create({ ...chatRequest, stream: true });
      return (await all(stream)).map((chunk) => chunk.choices[0]?.delta.content ?? "").filter(Boolean);
    };
    expect(await record(file, pieces, provider.url)).toEqual(["one ", "two ", "three"]);
    expect(await replay(file, pieces)).toEqual(["one ", "two ", "three"]);
  });

  it("sends the client's own key to the provider, and writes it nowhere", async () => {
    const file = await fileOf();
    await using provider = await real();
    await record(
      file,
      async (clients) => {
        for (const ask of Object.values(WAYS)) await ask(clients);
      },
      provider.url,
    );
    expect(provider.requests[0]?.headers["authorization"]).toBe(`Bearer ${KEY}`);
    const text = await readFile(file, "utf8");
    expect(text).not.toMatch(/sk-proj|org-Kd93|authorization|x-api-key|req_\d|x-request-id|cookie/i);
  });

  it("gives equal requests their answers in the order of recording, then the last one again", async () => {
    const file = await fileOf();
    await using provider = await real();
    const threeTimes = async ({ openai }: Asked) => {
      const texts: (string | null | undefined)[] = [];
      for (let i = 0; i < 3; i++) {
        texts.push((await openai.chat.completions.create(chatRequest)).choices[0]?.message.content);
      }
      return texts;
    };
    const twice = async ({ openai }: Asked) => {
      await openai.chat.completions.create(chatRequest);
      await openai.chat.completions.create(chatRequest);
    };
    await record(file, twice, provider.url);
    const [first, second, third] = (await replay(file, threeTimes)) as string[];
    expect([first, second, third]).toEqual([
      "Otters hold hands. Number 0.",
      "Otters hold hands. Number 1.",
      "Otters hold hands. Number 1.",
    ]);
  });

  it("takes a body with its keys in another order for the same request", async () => {
    const file = await fileOf();
    await using provider = await real();
    await record(file, ({ openai }) => openai.chat.completions.create(chatRequest), provider.url);
    const { model, messages } = chatRequest;
    const turned = { messages, model } as typeof chatRequest;
    await expect(replay(file, ({ openai }) => openai.chat.completions.create(turned))).resolves.toBeDefined();
  });

  it("fails a request that is not recorded with the nearest one that is, and sends nothing", async () => {
    const file = await fileOf();
    await using provider = await real();
    await record(file, WAYS["openai chat"]!, provider.url);
    await using replaying = await recordProvider({ upstream: provider.url, file, mode: "replay" });
    const { openai } = clientsOf(replaying);
    const asking = openai.chat.completions.create({
      ...chatRequest,
      temperature: 0.5,
      messages: [{ role: "user", content: "12345679" }],
    });
    const error = await asking.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect((error as Error).message.replaceAll(file, "FILE")).toMatchInlineSnapshot(`
      "400 recordProvider: this request is not among the 1 in FILE, and nothing was sent:
        POST /v1/chat/completions gpt-4o-mini
      The nearest recorded one differs in 2 places:
        POST /v1/chat/completions gpt-4o-mini
        messages[0].content: recorded "12345678", asked "12345679"
        temperature: recorded (absent), asked 0.5
      Record again with AGENT_OTEL_RECORD=1, or add what is missing with mode "auto"."
    `);
    expect(replaying.misses).toEqual([expect.any(NotRecordedError)]);
    expect(replaying.misses[0]).toMatchObject({
      code: "not_recorded",
      path: "/v1/chat/completions",
      differences: { length: 2 },
    });
    expect(provider.requests).toHaveLength(1);
  });

  it("does not let clients try a missing request again", async () => {
    const file = await fileOf();
    await using provider = await real();
    await record(file, WAYS["anthropic messages"]!, provider.url);
    await using replaying = await recordProvider({ upstream: "anthropic", file, mode: "replay" });
    const anthropic = new Anthropic({ apiKey: "x", baseURL: replaying.anthropicBaseUrl, maxRetries: 3 });
    await expect(anthropic.messages.create({ ...messageRequest, max_tokens: 1 })).rejects.toThrow(
      "max_tokens: recorded 1024, asked 1",
    );
    expect(replaying.requests).toHaveLength(1);
  });

  it("adds in auto mode what the file does not have, and asks once for each", async () => {
    const file = await fileOf();
    await using provider = await real();
    for (const content of ["one", "two", "one", "two"]) {
      await using auto = await recordProvider({ upstream: provider.url, file, mode: "auto" });
      await clientsOf(auto).openai.chat.completions.create({
        ...chatRequest,
        messages: [{ role: "user", content }],
      });
    }
    expect(provider.requests).toHaveLength(2);
  });

  it("writes the same file whoever asks first", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ text: "same", id: "fixed" }) });
    const ask = async (file: string, texts: readonly string[]) => {
      await record(
        file,
        async ({ openai }) => {
          for (const content of texts) {
            await openai.chat.completions.create({ ...chatRequest, messages: [{ role: "user", content }] });
          }
        },
        provider.url,
      );
      return readFile(file, "utf8");
    };
    const [one, other] = [await fileOf(), await fileOf()];
    expect(await ask(one, ["a", "b", "longer"])).toBe(await ask(other, ["longer", "b", "a"]));
  });

  it("hands on limits, outages and refusals, and does not record them", async () => {
    const file = await fileOf();
    await using provider = await scriptedProvider();
    provider.queue(
      { fail: { status: 429, retryAfterMs: 1 } },
      { fail: { status: 500 } },
      { fail: { status: 401 } },
    );
    await using recording = await recordProvider({ upstream: provider.url, file, mode: "record" });
    const { openai } = clientsOf(recording);
    for (const status of [429, 500, 401]) {
      await expect(openai.chat.completions.create(chatRequest)).rejects.toMatchObject({ status });
    }
    await openai.chat.completions.create(chatRequest);
    await recording.close();
    const { exchanges } = JSON.parse(await readFile(file, "utf8")) as { exchanges: { answers: unknown[] }[] };
    expect(exchanges.map(({ answers }) => answers.length)).toEqual([1]);
  });

  it("records an answer to its end though its reader left", async () => {
    const file = await fileOf();
    await using provider = await scriptedProvider({
      respond: () => ({ chunks: ["one ", "two ", "three"], chunkDelayMs: 20 }),
    });
    await record(
      file,
      async ({ openai }) => {
        for await (const _ of await openai.chat.completions.create({ ...chatRequest, stream: true })) break;
      },
      provider.url,
    );
    const chunks = (await replay(file, WAYS["openai chat, streamed"]!)) as OpenAI.ChatCompletionChunk[];
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toBe("one two three");
  });

  it("says that a broken answer is broken, and does not record it", async () => {
    const file = await fileOf();
    await using provider = await scriptedProvider({
      respond: ({ sequence }) => (sequence === 0 ? { chunks: ["a", "b"], breakAfterChunks: 1 } : "whole"),
    });
    await using recording = await recordProvider({ upstream: provider.url, file, mode: "record" });
    const { openai } = clientsOf(recording);
    const stream = await openai.chat.completions.create({ ...chatRequest, stream: true });
    await expect(all(stream)).rejects.toThrow("terminated");
    await openai.chat.completions.create(chatRequest);
    await recording.close();
    expect(await readFile(file, "utf8")).not.toContain("events");
  });

  it("says which provider could not be reached", async () => {
    await using recording = await recordProvider({
      upstream: "http://127.0.0.1:9",
      file: await fileOf(),
      mode: "record",
    });
    await expect(clientsOf(recording).openai.chat.completions.create(chatRequest)).rejects.toMatchObject({
      status: 502,
      message: expect.stringContaining("recordProvider: 127.0.0.1:9: fetch failed"),
    });
  });

  it("goes on with a conversation whose answer had to be cleaned, streamed in pieces or not", async () => {
    const file = await fileOf();
    await using provider = await scriptedProvider({
      respond: ({ sequence }) =>
        sequence < 2 ? { text: "Write to otter@example.com, please.", chunks: 9 } : "Done.",
    });
    const talk = async ({ openai }: Asked) => {
      const stream = await openai.chat.completions.create({ ...chatRequest, stream: true });
      const streamed = (await all(stream)).map((chunk) => chunk.choices[0]?.delta.content ?? "").join("");
      const plain = (await openai.chat.completions.create(chatRequest)).choices[0]?.message.content;
      const content = `You said: ${streamed} And: ${plain}`;
      const last = await openai.chat.completions.create({
        ...chatRequest,
        messages: [{ role: "user", content }],
      });
      return [streamed, plain, last.choices[0]?.message.content];
    };
    const said = "Write to otter@example.com, please.";
    expect(await record(file, talk, provider.url)).toEqual([said, said, "Done."]);
    const cleaned = "Write to [redacted], please.";
    expect(await replay(file, talk)).toEqual([cleaned, cleaned, "Done."]);
  });

  it("takes out what the program names, and makes equal what differs from run to run", async () => {
    const file = await fileOf();
    await using provider = await scriptedProvider({ respond: () => "Agent Fischer knows." });
    const more = {
      redact: (text: string) => text.replaceAll("Fischer", "[redacted]"),
      normalize: (body: unknown) =>
        JSON.parse(JSON.stringify(body).replaceAll(/\d{4}-\d\d-\d\d/g, "DATE")) as unknown,
    };
    const ask = async (mode: "record" | "replay", content: string) => {
      await using standIn = await recordProvider({ upstream: provider.url, file, mode, ...more });
      const { openai } = clientsOf(standIn);
      const body = { ...chatRequest, messages: [{ role: "user" as const, content }] };
      return (await openai.chat.completions.create(body)).choices[0]?.message.content;
    };
    expect(await ask("record", "Today is 2026-01-01. Where is Fischer?")).toBe("Agent Fischer knows.");
    expect(await ask("replay", "Today is 2027-12-31. Where is Fischer?")).toBe("Agent [redacted] knows.");
    expect(await readFile(file, "utf8")).not.toContain("Fischer");
  });

  it("may be closed twice", async () => {
    const standIn = await recordProvider({ upstream: "openai", file: await fileOf(), mode: "record" });
    await standIn.close();
    await standIn.close();
  });

  it("follows the environment where no mode is given", async () => {
    const file = await fileOf();
    await using provider = await real();
    process.env["AGENT_OTEL_RECORD"] = "1";
    try {
      await using recording = await recordProvider({ upstream: provider.url, file });
      expect(recording.mode).toBe("record");
      await clientsOf(recording).openai.chat.completions.create(chatRequest);
      process.env["AGENT_OTEL_RECORD"] = "yes";
      await expect(recordProvider({ upstream: provider.url, file })).rejects.toThrow(
        'AGENT_OTEL_RECORD must be 1, auto or 0, got "yes"',
      );
    } finally {
      delete process.env["AGENT_OTEL_RECORD"];
    }
    await using replaying = await recordProvider({ upstream: provider.url, file });
    expect(replaying.mode).toBe("replay");
  });

  it("says how to record where there is no file", async () => {
    const opening = recordProvider({ upstream: "openai", file: await fileOf(), mode: "replay" });
    await expect(opening).rejects.toMatchObject({
      code: "recording_unusable",
      message: expect.stringContaining("does not exist; record it with AGENT_OTEL_RECORD=1"),
    });
  });

  it.each([
    ["no JSON", "{", "is no JSON"],
    ["another format", "{}", 'is no "agent-otel recording 1"'],
    [
      "no answers",
      '{"format":"agent-otel recording 1","exchanges":[{"request":{"method":"GET","path":"/"},"answers":[]}]}',
      "exchanges[0].answers",
    ],
    [
      "two contents",
      '{"format":"agent-otel recording 1","exchanges":[{"request":{"method":"GET","path":"/"},"answers":[{"status":200,"headers":{},"text":"","body":1}]}]}',
      "exchanges[0].answers[0]",
    ],
  ])("refuses a file with %s", async (_, content, problem) => {
    const file = await fileOf();
    await writeFile(file, content);
    await expect(recordProvider({ upstream: "openai", file, mode: "replay" })).rejects.toThrow(problem);
  });

  it.each([
    [{ upstream: "ftp://x" }, "upstream must be"],
    [{ upstream: "https://user:pass@x" }, "upstream must be"],
    [{ mode: "both" }, 'mode must be record, replay or auto, got "both"'],
    [{ file: "" }, "file must be a path"],
    [{ timeoutMs: 0 }, "timeoutMs must be a whole number from 1 to 3600000, got 0"],
  ])("refuses the option %j", async (options, problem) => {
    const all = { upstream: "openai", file: "x.json", mode: "record", ...options } as Parameters<
      typeof recordProvider
    >[0];
    await expect(recordProvider(all)).rejects.toThrow(problem);
  });
});
