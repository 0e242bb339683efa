import { context, ROOT_CONTEXT } from "@opentelemetry/api";
import { afterEach, describe, expect, it } from "vitest";
import {
  agent,
  type CallRecord,
  chat,
  conversation,
  currentAgent,
  handoff,
  onCall,
  plan,
  tool,
  workflow,
} from "../../src/index.ts";
import { SpanRecorder } from "../../src/testing/span-recorder.ts";
import { askModel, nextTurn } from "./support.ts";

const undo: (() => void)[] = [];
afterEach(() => {
  for (const step of undo.splice(0).reverse()) step();
});

/** One of everything. @returns What the program itself saw of its agents. */
async function program(): Promise<unknown[]> {
  const seen: unknown[] = [];
  const look = (): void => {
    const now = currentAgent();
    seen.push([now?.name, now?.workflow, now?.conversation, now?.own, now?.subtree, now?.request]);
  };
  const search = tool("search", async () => {
    await nextTurn();
    look();
    askModel();
  });
  const writer = agent("writer", async function* () {
    yield "a";
    await search();
    yield* chat({ provider: "openai", model: "m", stream: true }, async function* () {
      yield "b";
      look();
    });
  });
  const lead = agent("lead", async () => {
    plan("lead", askModel)();
    await Promise.all([search(), search()]);
    handoff("writer");
    for await (const _ of writer()) look();
    return new ReadableStream({
      pull(controller) {
        look();
        controller.close();
      },
    });
  });
  const fails = agent("fails", () => Promise.reject(new TypeError("no")));
  await conversation("c1", () =>
    workflow("report", async () => {
      for await (const _ of await lead()) look();
      await fails().catch(() => look());
    })(),
  );
  look();
  return seen;
}

async function runWith(setUp: () => void): Promise<{ seen: unknown[]; records: unknown[] }> {
  const records: unknown[] = [];
  undo.push(onCall((record) => records.push(withoutIdsAndTimes(record))));
  setUp();
  const seen = await program();
  for (const step of undo.splice(0).reverse()) step();
  return { seen, records };
}

function withoutIdsAndTimes({ traceId, spanId, startMs, durationMs, ...rest }: CallRecord): unknown {
  return rest;
}

const withRecorder = (contextManager?: null) => () => {
  const recorder = new SpanRecorder(contextManager === null ? { contextManager } : {});
  undo.push(() => recorder.stop());
};

describe("a program without an SDK", () => {
  it("makes the same records in the same order, and sees the same agents, as with one", async () => {
    const withSdk = await runWith(withRecorder());
    const without = await runWith(() => {});
    expect(withSdk.records.length).toBeGreaterThan(10);
    expect(without).toEqual(withSdk);
  });

  it("has records without ids", async () => {
    const records: CallRecord[] = [];
    undo.push(onCall((record) => records.push(record)));
    agent("bare", () => 1)();
    expect(records.map((r) => [r.traceId, r.spanId, typeof r.durationMs])).toEqual([
      [undefined, undefined, "number"],
    ]);
  });
});

describe("an SDK without a context manager", () => {
  it("makes the same records in the same order, and lets the program see the same agents", async () => {
    const withSdk = await runWith(withRecorder());
    expect(await runWith(withRecorder(null))).toEqual(withSdk);
  });
});

describe("an SDK that starts while an agent works", () => {
  it("finds the agent at work", () => {
    agent("early", () => {
      withRecorder()();
      expect(currentAgent()?.name).toBe("early");
      expect(agent("late", () => currentAgent()?.name)()).toBe("late");
    })();
  });
});

describe("a program that detaches from its context", () => {
  it("is at nobody's work there", () => {
    withRecorder()();
    expect(agent("attached", () => context.with(ROOT_CONTEXT, () => currentAgent()))()).toBeUndefined();
  });
});
