import { createRequire } from "node:module";
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { CallbackManager } from "@langchain/core/callbacks/manager";
import { createReactAgent } from "@langchain/langgraph/prebuilt";
import { afterEach, describe, expect, it } from "vitest";
import { agentOtelHandler, traceLangChain } from "../../../src/frameworks/langchain/index.ts";
import { FIRST } from "../support/scene.ts";
import { watched } from "./support.ts";
import { ASKED, modelAt, oneNode, search } from "./team.ts";

const told = watched();
const ANSWER = { text: "They hold hands.", usage: FIRST };
let stop = () => {};
afterEach(() => stop());

function run(options = {}) {
  told.provider.queue(ANSWER);
  return oneNode(modelAt(told.provider), "researcher").invoke(ASKED, options);
}

const TREE = ["invoke_workflow team", "  invoke_agent researcher", "    chat gpt-4o-mini"];

describe("traceLangChain", () => {
  it("tells of everything without a callback in the program", async () => {
    stop = traceLangChain({ CallbackManager });
    await run();
    expect(told.tree()).toEqual(TREE);
  });

  it("tells once where it is asked twice and a handler is passed too", async () => {
    stop = traceLangChain({ CallbackManager });
    expect(traceLangChain({ CallbackManager })).toBe(stop);
    await run({ callbacks: [agentOtelHandler(), agentOtelHandler()] });
    expect(told.tree()).toEqual(TREE);
    expect(told.warnings).toEqual([]);
  });

  it("leaves the program's own handlers in place", async () => {
    const heard: string[] = [];
    class Listener extends BaseCallbackHandler {
      name = "listener";
      override handleChatModelStart() {
        heard.push("chat");
      }
    }
    stop = traceLangChain({ CallbackManager });
    await run({ callbacks: [new Listener()] });
    await run({
      callbacks: CallbackManager.fromHandlers({ handleChatModelStart: () => void heard.push("method") }),
    });
    expect(heard).toEqual(["chat", "method"]);
    expect(told.tree()).toEqual([...TREE, ...TREE]);
  });

  it("ends when it is told to, and puts back what was there", async () => {
    const before = CallbackManager._configureSync;
    traceLangChain({ CallbackManager })();
    expect(CallbackManager._configureSync).toBe(before);
    await run();
    expect(told.spans.spans).toEqual([]);
  });

  it("takes the copy for require too", () => {
    const manager = createRequire(import.meta.url)("@langchain/core/callbacks/manager");
    expect(manager.CallbackManager).not.toBe(CallbackManager);
    stop = traceLangChain(manager);
    expect(manager.CallbackManager.configure()?.handlers).toMatchObject([{ name: "agent_otel" }]);
  });

  it("says so once where the version is not known, and breaks nothing", () => {
    stop = traceLangChain({ CallbackManager: class {} });
    expect(told.warnings.join()).toMatch(/agentOtelHandler/);
  });

  it("refuses what is no class", () => {
    expect(() => traceLangChain({} as never)).toThrow(/CallbackManager must be the class/);
  });

  it("does not wait for LangChain's queue of callbacks, so that times and order hold", async () => {
    process.env["LANGCHAIN_CALLBACKS_BACKGROUND"] = "true";
    told.provider.queue(
      { toolCalls: [{ name: "search", arguments: { query: "otters" } }], usage: FIRST },
      ANSWER,
    );
    stop = traceLangChain({ CallbackManager });
    await createReactAgent({ llm: modelAt(told.provider), tools: [search], name: "researcher" }).invoke(
      ASKED,
    );
    delete process.env["LANGCHAIN_CALLBACKS_BACKGROUND"];
    expect(told.spans.open).toEqual([]);
    const agent = told.spans.get("invoke_agent researcher");
    const inner = told.spans.spans.filter(({ parentSpanId }) => parentSpanId === agent.spanId);
    expect(inner.map(({ name }) => name)).toEqual([
      "chat gpt-4o-mini",
      "execute_tool search",
      "chat gpt-4o-mini",
    ]);
    for (const { endNs = 0n } of inner) expect(endNs <= (agent.endNs ?? 0n)).toBe(true);
  });
});
