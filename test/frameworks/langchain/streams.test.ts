import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { agentOtelHandler } from "../../../src/frameworks/langchain/index.ts";
import { runs } from "../../../src/frameworks/langchain/run-registry.ts";
import { FIRST } from "../support/scene.ts";
import { watched } from "./support.ts";
import { ASKED, modelAt, oneNode } from "./team.ts";

const told = watched();
const traced = () => ({ callbacks: [agentOtelHandler()] });
const STALLS = { text: "An answer that nobody will read to its very end.", stallAfterChunks: 2 };
setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

async function garbageEnded(): Promise<void> {
  await expect
    .poll(
      () => {
        gc();
        return [runs.size, told.spans.open.length];
      },
      { timeout: 5_000 },
    )
    .toEqual([0, 0]);
}

const silent = async () => ({ messages: [] });

async function allEnded(): Promise<void> {
  await expect.poll(() => told.spans.open, { timeout: 5_000 }).toEqual([]);
  await expect.poll(() => runs.size, { timeout: 5_000 }).toBe(0);
}

describe("a stream of a graph that is not read to its end", () => {
  it("ends with all that is inside when the program aborts it", async () => {
    told.provider.queue(STALLS);
    const abort = new AbortController();
    const options = { ...traced(), streamMode: "messages", signal: abort.signal } as const;
    const stream = await oneNode(modelAt(told.provider), "researcher").stream(ASKED, options);
    await expect(async () => {
      for await (const _ of stream) abort.abort();
    }).rejects.toThrow(/abort/i);
    await allEnded();
    expect(told.tree()).toEqual([
      "invoke_workflow team",
      "  invoke_agent researcher",
      "    chat gpt-4o-mini",
    ]);
  });

  it("ends when the program has left it and it is garbage", async () => {
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("a", silent)
      .addNode("b", silent)
      .addNode("c", silent)
      .addEdge(START, "a")
      .addEdge("a", "b")
      .addEdge("b", "c")
      .compile({ name: "team" });
    const leave = async () => {
      for await (const _ of await graph.stream(ASKED, traced())) break;
    };
    await leave();
    await garbageEnded();
    expect(told.tree()[0]).toBe("invoke_workflow team");
  });

  it("has the answer of a model in it that a node has left", async () => {
    told.provider.queue(STALLS);
    const model = modelAt(told.provider);
    await new StateGraph(MessagesAnnotation)
      .addNode("researcher", async ({ messages }) => {
        for await (const _ of await model.stream(messages)) break;
        return { messages: [] };
      })
      .addEdge(START, "researcher")
      .compile({ name: "team" })
      .invoke(ASKED, traced());
    await allEnded();
    expect(told.tree()).toEqual([
      "invoke_workflow team",
      "  invoke_agent researcher",
      "    chat gpt-4o-mini",
    ]);
    expect(told.spans.get(/^chat/).attributes["gen_ai.response.finish_reasons"]).toEqual(["error"]);
  });
});

describe("a stream of a model alone", () => {
  it("has the time to its first piece and its usage", async () => {
    told.provider.queue({ text: "They hold hands.", usage: FIRST });
    for await (const _ of await modelAt(told.provider).stream("Otters?", traced()));
    expect(told.spans.get(/^chat/).attributes).toMatchObject({
      "gen_ai.request.stream": true,
      "gen_ai.response.time_to_first_chunk": expect.any(Number),
      "gen_ai.usage.input_tokens": 120,
    });
  });

  it("ends when it was left and is garbage", async () => {
    told.provider.queue(STALLS);
    const leave = async () => {
      for await (const _ of await modelAt(told.provider).stream("Otters?", traced())) break;
    };
    await leave();
    expect(runs.size).toBe(1);
    await garbageEnded();
    expect(told.spans.open).toEqual([]);
  });
});
