import { describe, expect, it } from "vitest";
import { agent, circuitBreaker, handoff } from "../../src/index.ts";
import { watch } from "./support.ts";

const seen = watch();
const SPAN = "execute_tool transfer_to_billing billing";

describe("handoff", () => {
  it("to a name is recorded at once, on the agent that hands over", () => {
    agent("triage", () => handoff("billing"))();
    const span = seen.spans.get(SPAN, { parent: seen.spans.get("invoke_agent triage") });
    expect(span.attributes).toEqual({
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "transfer_to_billing",
      "gen_ai.transfer.target.name": "billing",
      "gen_ai.transfer.mode": "pass_control",
      "gen_ai.agent.name": "triage",
    });
  });

  it("counts as a tool call of the agent that hands over", () => {
    agent("triage", () => handoff("billing"))();
    expect(seen.records.at(-1)).toMatchObject({ agent: "triage", ownToolCalls: 1 });
  });

  it("to an agent returns that agent, which runs below the handoff with its caller", async () => {
    const billing = agent("billing", async (question: string) => `re: ${question}`);
    const transfer = handoff(billing, { mode: "return_to_caller" });
    expect(await agent("triage", () => transfer("why"))()).toBe("re: why");
    const span = seen.spans.get(SPAN, { attributes: { "gen_ai.transfer.mode": "return_to_caller" } });
    seen.spans.get("invoke_agent billing", { parent: span, attributes: { "gen_ai.caller.name": "triage" } });
  });

  it("takes the agent's name, not that of its function", () => {
    handoff(agent("billing", function internalName() {}))();
    seen.spans.get(SPAN);
  });

  it("knows an agent that stands behind a policy", async () => {
    const billing = agent("billing", async () => {});
    await handoff(circuitBreaker({ name: "handoff.test" }).around(billing))();
    seen.spans.get(SPAN);
  });

  it("takes a function's own name, or the one it is given", () => {
    handoff(function billing() {})();
    handoff(() => {}, { name: "billing" })();
    expect(seen.spans.all(SPAN)).toHaveLength(2);
  });

  it("to a function without a name is a TypeError", () => {
    expect(() => handoff((() => () => {})())).toThrow(/handoff: name must not be empty/);
  });

  it("fails with what the target throws, the same object", async () => {
    const error = new Error("closed");
    await expect(handoff(agent("billing", () => Promise.reject(error)))()).rejects.toBe(error);
    seen.spans.get(SPAN, { failed: true });
  });
});
