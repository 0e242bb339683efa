import { describe, expect, it } from "vitest";
import { runProgram } from "../fixtures/run-program.ts";

export function demoSuite() {
  describe.concurrent("npm run demo, without a terminal", () => {
    it("starts its own server, shows both programs, and ends", async () => {
      const args = ["examples/demo/run.ts", "Which", "Node version is this?"];
      const { code, stdout, stderr } = await runProgram(args, { DEMO_PACE: "0" });
      expect(code, stderr).toBe(0);
      expect(stdout).toContain("Goal:   Which Node version is this?\n");
      expect(stdout).toMatch(/^60 tickets, 2\d\d model calls, [\d,]+ tokens, \$0\.\d{4}, 4 given up\.$/m);
      expect(stdout).toMatch(/It was all on http:\/\/127\.0\.0\.1:\d+\/, which ends now/);
    });
  });
}
