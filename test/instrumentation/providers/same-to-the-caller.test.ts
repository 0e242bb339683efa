import { describe, expect, it } from "vitest";
import { nextTurn, watch } from "../../agent/support.ts";
import { all } from "./all.ts";
import * as drivers from "./drivers.ts";
import type { Reply } from "./fixtures/reply.ts";
import { untouched } from "./patched.ts";
import { type ReplyServer, replyServer } from "./server.ts";

const told = watch();

const { google, mistral, cohere, bedrock, ollama } = drivers;

describe.each([google, mistral, cohere, bedrock, ollama])("$name", (driver) => {
  const { replies } = driver;
  const serve = (reply: Reply): Promise<ReplyServer> => replyServer(reply, driver.protocol);

  describe("shows the caller what it would see without us", () => {
    const scenarios: readonly (readonly [string, Reply, (url: string) => Promise<unknown>])[] = [
      ["an answer", replies.plain, (url) => driver.open(url).plain()],
      ["an answer with unknown fields", replies.unknownFields, (url) => driver.open(url).plain()],
      ["embeddings", replies.embedding, (url) => driver.open(url).embed()],
      ["a refusal", replies.error, (url) => failure(driver.open(url).plain())],
      ["a stream", replies.stream, async (url) => all(await driver.open(url).stream())],
      ["a refused stream", replies.error, (url) => failure(driver.open(url).stream())],
      [
        "a stream's own class",
        replies.stream,
        async (url) => {
          const stream = await driver.open(url).stream();
          const seen = [shape(stream), Object.keys(stream), Symbol.asyncIterator in stream];
          await all(stream);
          return seen;
        },
      ],
      [
        "a stream that is cut",
        { ...replies.stream, pieces: replies.stream.pieces.slice(0, 1), cut: true },
        async (url) => failure(driver.open(url).stream().then(all)),
      ],
    ];
    it.each(scenarios)("%s", async (_name, reply, scenario) => {
      await using server = await serve(reply);
      const ours = describeValue(await scenario(server.url));
      const theirs = await untouched(async () => describeValue(await scenario(server.url)));
      expect(ours).toBe(theirs);
      expect(server.requests[0]).toEqual(server.requests[1]);
      expect(told.spans.spans).toHaveLength(1);
    });
  });

  it("rejects unhandled exactly when the caller leaves it so", async () => {
    await using server = await serve(replies.error);
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    const others = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection").on("unhandledRejection", note);
    try {
      void driver.open(server.url).plain();
      while (told.records.length === 0) await nextTurn();
      await nextTurn();
      expect(unhandled).toHaveLength(1);
      await driver
        .open(server.url)
        .plain()
        .catch(() => {});
      await nextTurn();
      expect(unhandled).toHaveLength(1);
    } finally {
      process.removeListener("unhandledRejection", note);
      for (const other of others) process.on("unhandledRejection", other);
    }
  });
});
function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => "no error",
    (error: Error) => [error.constructor.name, error.name, error.message, Object.keys(error)],
  );
}

/** As JSON, so that the order of keys counts, with the classes, and without what differs from one request to the next. */
function describeValue(value: unknown): string {
  return JSON.stringify([shape(value), value], (key, inner: unknown) =>
    ["date", "sdkHttpResponse", "$metadata"].includes(key) ? shape(inner) : inner,
  );
}

function shape(value: unknown): unknown {
  return typeof value === "object" && value !== null ? value.constructor?.name : typeof value;
}
