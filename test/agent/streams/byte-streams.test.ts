import { describe, expect, it } from "vitest";
import { agent } from "../../../src/index.ts";
import { nextTurn, watch } from "../support.ts";

const seen = watch();
const BYTES = new TextEncoder().encode("otters hold hands");

function bytes(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    type: "bytes",
    start(controller) {
      controller.enqueue(BYTES.slice());
      controller.close();
    },
  });
}

const ended = (): unknown => [seen.spans.open, seen.records.length];
const ENDED_ONCE = [[], 1];

describe("a byte stream", () => {
  it("stays one: a reader may bring its own buffer", async () => {
    const reader = agent("byob", bytes)().getReader({ mode: "byob" });
    const first = await reader.read(new Uint8Array(6));
    expect(new TextDecoder().decode(first.value)).toBe("otters");
    const second = await reader.read(new Uint8Array(64));
    expect(new TextDecoder().decode(second.value)).toBe(" hold hands");
    expect((await reader.read(new Uint8Array(64))).done).toBe(true);
    expect(ended()).toEqual(ENDED_ONCE);
  });

  it("can be read without a buffer too", async () => {
    const [chunk] = await Array.fromAsync(agent("default-reader", bytes)());
    expect(chunk).toEqual(BYTES);
    expect(ended()).toEqual(ENDED_ONCE);
  });

  it("asks its source for nothing before somebody reads", async () => {
    let pulls = 0;
    const source = new ReadableStream({ type: "bytes", pull: () => void pulls++ });
    agent("lazy-bytes", () => source)().getReader();
    await nextTurn();
    expect(pulls).toBe(0);
  });
});

describe("a subclass of ReadableStream", () => {
  class Lines extends ReadableStream<string> {
    encoding = "utf8";
    async first(): Promise<string | undefined> {
      return (await this.getReader().read()).value;
    }
  }

  it("keeps its class, methods and fields", async () => {
    const lines = agent("subclass", () => new Lines({ pull: (c) => c.enqueue("line") }))();
    expect(lines).toBeInstanceOf(Lines);
    expect([lines.encoding, await lines.first()]).toEqual(["utf8", "line"]);
  });
});
