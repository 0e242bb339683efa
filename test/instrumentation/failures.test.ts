import { SpanStatusCode } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { scriptedProvider } from "../../src/testing/index.ts";
import { watch } from "../agent/support.ts";
import { type Clients, chatRequest, clientsOf, messageRequest, responseRequest } from "./support.ts";

const told = watch();

type Ask = (clients: Clients, stream: boolean, signal?: AbortSignal) => Promise<unknown>;

const ASKS: readonly (readonly [string, Ask])[] = [
  [
    "chat completions",
    async ({ openai }, stream, signal) =>
      openai.chat.completions.create({ ...chatRequest, stream }, signal && { signal }),
  ],
  [
    "responses",
    async ({ openai }, stream, signal) =>
      openai.responses.create({ ...responseRequest, stream }, signal && { signal }),
  ],
  [
    "messages",
    async ({ anthropic }, stream, signal) =>
      anthropic.messages.create({ ...messageRequest, stream }, signal && { signal }),
  ],
];

const FAILURES = [
  [401, "AuthenticationError"],
  [429, "RateLimitError"],
  [500, "InternalServerError"],
] as const;

function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable("should have failed"),
    (error: unknown) => error,
  );
}

describe.each(ASKS)("%s", (_, ask) => {
  for (const [status, errorClass] of FAILURES) {
    it.each([false, true])(`end as failed on ${status} (stream: %s)`, async (stream) => {
      await using provider = await scriptedProvider({ respond: () => ({ fail: { status } }) });
      const error = await rejection(ask(clientsOf(provider), stream));
      expect(error).toMatchObject({ status });
      expect(told.spans.spans).toHaveLength(1);
      const [span] = told.spans.spans;
      expect(span?.status.code).toBe(SpanStatusCode.ERROR);
      expect(span?.attributes).toMatchObject({ "error.type": errorClass });
      expect(told.records).toEqual([expect.objectContaining({ errorType: errorClass })]);
    });
  }

  it("are one span, retries included, with the outcome of the last", async () => {
    await using provider = await scriptedProvider();
    provider.queue(
      { fail: { status: 429, retryAfterMs: 1 } },
      { fail: { status: 500, retryAfterMs: 1 } },
      "ok",
    );
    await ask(clientsOf(provider, { maxRetries: 2 }), false);
    expect(provider.requests).toHaveLength(3);
    expect(told.records).toEqual([expect.objectContaining({ errorType: undefined })]);
  });

  it("end as failed when nobody listens there", async () => {
    const provider = await scriptedProvider();
    const clients = clientsOf(provider);
    await provider.close();
    await rejection(ask(clients, false));
    expect(told.records).toEqual([expect.objectContaining({ errorType: "APIConnectionError" })]);
  });

  it("end as failed when they are aborted under way", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ stall: true }) });
    const controller = new AbortController();
    const failed = rejection(ask(clientsOf(provider), false, controller.signal));
    await provider.received(0);
    controller.abort();
    await failed;
    expect(told.records).toEqual([expect.objectContaining({ errorType: "APIUserAbortError" })]);
  });

  it("end as failed when the body breaks off", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ breakAfterChunks: 1 }) });
    await rejection(ask(clientsOf(provider), false));
    expect(told.records).toEqual([expect.objectContaining({ errorType: expect.any(String) })]);
    expect(told.spans.open).toEqual([]);
  });
});

describe("the error of a failed call", () => {
  it("is the same object for the span and for everyone who awaits", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ fail: { status: 401 } }) });
    const promise = clientsOf(provider).openai.chat.completions.create(chatRequest);
    const first = await rejection(promise);
    expect(await rejection(promise)).toBe(first);
    expect(await rejection(promise.withResponse())).toBe(first);
    expect(told.records).toHaveLength(1);
  });

  it("keeps secrets out of the span", async () => {
    const message = "Incorrect API key provided: sk-verysecretkey12345";
    await using provider = await scriptedProvider({ respond: () => ({ fail: { status: 401, message } }) });
    await rejection(clientsOf(provider).openai.chat.completions.create(chatRequest));
    expect(told.spans.spans[0]?.status.message).toContain("[redacted]");
    expect(JSON.stringify(told.spans.spans[0]?.status)).not.toContain("verysecretkey");
  });

  it("thrown at once by the client is thrown on, and ends the span", async () => {
    await using provider = await scriptedProvider();
    const { anthropic } = clientsOf(provider);
    expect(() => anthropic.messages.create(undefined as never)).toThrow(TypeError);
    expect(told.records).toEqual([expect.objectContaining({ errorType: "TypeError" })]);
  });
});
