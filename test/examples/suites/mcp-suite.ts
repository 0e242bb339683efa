import { describe, it } from "vitest";
import { traceSnapshot } from "../../../src/testing/index.ts";
import { runTraced } from "../fixtures/run-program.ts";

export function mcpSuite() {
  describe.concurrent("the example with the Model Context Protocol", () => {
    // Its own `expect`: an inline snapshot has to know which of the running tests it belongs to.
    it("is one trace over two processes", async ({ expect }) => {
      const { stdout, stderr, spans } = await runTraced("mcp");
      expect(stdout, stderr).toContain("three books about otters");
      const { traceId } = spans.find(({ name }) => name === "invoke_agent desk")!;
      expect(traceSnapshot(spans.filter((span) => span.traceId === traceId))).toMatchInlineSnapshot(`
        "invoke_agent desk
        └─ tools/call look_up
           └─ tools/call look_up
              └─ invoke_agent librarian"
      `);
    });
  });
}
