import * as openaiModule from "openai";
import { beforeAll, describe, expect, it } from "vitest";
import { agentOtelHandler } from "../../../src/frameworks/langchain/index.ts";
import { openai as instrumentation } from "../../../src/instrumentation/clients/openai.ts";
import { patchClient } from "../../../src/instrumentation/patch-client.ts";
import { FIRST, RESEARCHER } from "../support/scene.ts";
import { watched } from "./support.ts";
import { ASKED, modelAt, oneNode } from "./team.ts";

describe("a call of a model that succeeds at the second attempt", () => {
  const told = watched();

  async function run(): Promise<void> {
    told.provider.queue(
      { fail: { status: 500, message: "try again" } },
      { text: "They hold hands.", usage: FIRST },
    );
    await oneNode(modelAt(told.provider, { maxRetries: 1 }), RESEARCHER).invoke(ASKED, {
      callbacks: [agentOtelHandler()],
    });
    expect(told.provider.requests).toHaveLength(2);
  }
  const costOf = () => told.spans.get(`invoke_agent ${RESEARCHER}`).attributes["agents.own.tokens"];

  it("is one model span, as LangChain sees one call", async () => {
    await run();
    expect(told.spans.all(/^chat/)).toHaveLength(1);
    expect(costOf()).toBe(150);
  });

  describe("with the client instrumented", () => {
    beforeAll(() => void patchClient(instrumentation, openaiModule));

    it("is a model span for each request, and its tokens count once", async () => {
      await run();
      expect(told.spans.all(/^chat/)).toHaveLength(2);
      expect(costOf()).toBe(150);
    });
  });
});
