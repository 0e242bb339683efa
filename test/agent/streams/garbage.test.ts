import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { agent, chat } from "../../../src/index.ts";
import { nextTurn, watch } from "../support.ts";

const seen = watch();

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Collects garbage until its finalizers have run, or for so many rounds that they never will. */
async function collectUntil(done: () => boolean): Promise<void> {
  for (let round = 0; round < 100 && !done(); round++) {
    collectGarbage();
    await nextTurn();
  }
}

async function* items(): AsyncGenerator<number> {
  yield 1;
  yield 2;
}

const STREAMS: Record<string, () => object> = {
  "an async generator": items,
  "a sync generator": function* () {
    yield 1;
  },
  "a ReadableStream": () => new ReadableStream({ pull: (c) => c.enqueue(1) }),
  "a byte stream": () => new ReadableStream({ type: "bytes", pull: (c) => c.enqueue(new Uint8Array(1)) }),
  "an async iterable": () => ({ [Symbol.asyncIterator]: items }),
  // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested.
  "a thenable": () => ({ then: (resolve: (value: number) => void) => resolve(1) }),
};

describe.each(Object.entries(STREAMS))("%s that nobody holds any more", (what, make) => {
  it("ends its span once, and a warning names the agent", async () => {
    const name = `drops ${what}`;
    agent(name, make)();
    expect(seen.spans.open).toEqual([`invoke_agent ${name}`]);
    await collectUntil(() => seen.spans.open.length === 0);
    seen.spans.get(`invoke_agent ${name}`, { failed: false });
    expect(seen.records).toHaveLength(1);
    expect(seen.warnings.filter((warning) => warning.includes(name))).toHaveLength(1);
  });
});

describe("a generator", () => {
  it("dropped half-way ends its span", async () => {
    await agent("half-way", items)().next();
    await collectUntil(() => seen.spans.open.length === 0);
    seen.spans.get("invoke_agent half-way");
  });

  it("that somebody holds stays open", async () => {
    const held = agent("held", items)();
    await held.next();
    for (let round = 0; round < 5; round++) {
      collectGarbage();
      await nextTurn();
    }
    expect(seen.spans.open).toEqual(["invoke_agent held"]);
    await held.return(undefined);
  });

  it("that was read to its end gives no warning", async () => {
    await Array.fromAsync(agent("finished", items)());
    for (let round = 0; round < 5; round++) {
      collectGarbage();
      await nextTurn();
    }
    expect(seen.warnings.filter((warning) => warning.includes("finished"))).toEqual([]);
  });
});

describe("a streamed model call", () => {
  it("dropped half-way has the finish reason error", async () => {
    await chat({ provider: "openai", model: "drops-chat", stream: true }, items).next();
    await collectUntil(() => seen.spans.open.length === 0);
    seen.spans.get("chat drops-chat", { attributes: { "gen_ai.response.finish_reasons": ["error"] } });
  });
});
