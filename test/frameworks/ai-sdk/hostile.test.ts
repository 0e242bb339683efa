import { describe, expect, it } from "vitest";
import { aiSdkTelemetry } from "../../../src/frameworks/ai-sdk/index.ts";
import { openOperation, operationOf } from "../../../src/frameworks/ai-sdk/open-operations.ts";
import { watch } from "../../agent/support.ts";

const seen = watch();

const throwing = new Proxy(
  {},
  {
    get() {
      throw new Error("no such field");
    },
  },
);

describe("a hook of the AI SDK", () => {
  const hooks = aiSdkTelemetry({ capture: true });
  const { executeLanguageModelCall, executeTool, ...told } = hooks;

  it.each(Object.entries(told))("%s takes whatever it is told", (_, hook) => {
    for (const event of [undefined, null, 1, "event", [], {}, { callId: 1 }, throwing]) hook(event);
    expect(seen.spans.open).toEqual([]);
    expect(seen.warnings.filter((warning) => warning.includes("failed"))).toEqual([]);
  });

  it.each([
    ["executeLanguageModelCall", executeLanguageModelCall],
    ["executeTool", executeTool],
  ])("%s gives back what it runs gives, whatever that is", async (_, hook) => {
    for (const value of [
      undefined,
      null,
      1,
      [],
      { stream: 1 },
      { usage: "much", stream: {} },
      { response: throwing },
    ])
      expect(await hook({ callId: "unknown", execute: async () => value })).toBe(value);
    expect(seen.spans.open).toEqual([]);
  });

  it("says once, with the version, that requests do not come through it", () => {
    for (const callId of ["one", "two"]) {
      hooks.onStart({ callId, operationId: "ai.generateText" });
      hooks.onEnd({ callId, steps: [{}], aiVersion: "9.0.0" });
    }
    expect(seen.warnings.filter((warning) => warning.includes("`ai` 9.0.0"))).toHaveLength(1);
  });

  it("ends what was never ended, oldest first, when there is too much of it", () => {
    const owner = {};
    for (let each = 0; each <= 10_000; each++) openOperation(`operation ${each}`, () => ({ owner }));
    expect(operationOf("operation 0", owner)?.owner).toBeUndefined();
    expect(operationOf("operation 1", owner)?.owner).toBe(owner);
    for (let each = 1; each <= 10_000; each++) operationOf(`operation ${each}`, owner)?.end();
    expect(operationOf("operation 10000", owner)?.owner).toBeUndefined();
  });

  it("leaves an operation to the hook that was told of it first", () => {
    const [first, second] = [{}, {}];
    openOperation("shared", () => ({ owner: first }));
    openOperation("shared", () => ({ owner: second }));
    expect(operationOf("shared", second)).toBeUndefined();
    operationOf("shared", first)?.end();
  });
});
