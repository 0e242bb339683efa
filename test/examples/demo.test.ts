import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const launcher = fileURLToPath(new URL("../../examples/demo/run.ts", import.meta.url));
const NOT_PASSED_ON = /^(OTEL_|AGENT_OTEL_|OPENAI_|ANTHROPIC_|NODE_|VITEST|DEMO_|FORCE_COLOR)/;

describe("npm run demo, without a terminal", () => {
  it("starts its own server, shows both programs, and ends", async () => {
    const clean = Object.entries(process.env).filter(([name]) => !NOT_PASSED_ON.test(name));
    const child = spawn(process.execPath, [launcher, "Which", "Node version is this?"], {
      env: Object.fromEntries(clean),
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [[code], stdout] = await Promise.all([
      once(child, "close") as Promise<[number | null]>,
      text(child.stdout),
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain("Goal:   Which Node version is this?\n");
    expect(stdout).toMatch(/^60 tickets, 2\d\d model calls, [\d,]+ tokens, \$0\.\d{4}, 4 given up\.$/m);
    expect(stdout).toMatch(/It was all on http:\/\/127\.0\.0\.1:\d+\/, which ends now/);
  });
});
