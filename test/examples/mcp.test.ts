import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { readOtlpJsonLines } from "../../src/telemetry/otlp-json-lines.ts";
import { traceSnapshot } from "../../src/testing/index.ts";
import { root } from "../contract/source-files.ts";
import { temporaryFolder } from "../temporary-folder.ts";

it("the example with the Model Context Protocol is one trace over two processes", async () => {
  const file = join(await temporaryFolder(), "spans.jsonl");
  const args = ["--import", "agent-otel/register", "examples/mcp/main.ts"];
  const environment = {
    ...process.env,
    AGENT_OTEL_TRACE_FILE: file,
    AGENT_OTEL_LOG: "none",
    OTEL_TRACES_EXPORTER: "none",
    OTEL_METRICS_EXPORTER: "none",
  };
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = await Promise.all([text(child.stdout), once(child, "exit")]);
  expect(said).toContain("three books about otters");
  const { spans } = await readOtlpJsonLines([readFileSync(file)]);
  const { traceId } = spans.find(({ name }) => name === "invoke_agent desk")!;
  expect(traceSnapshot(spans.filter((span) => span.traceId === traceId))).toMatchInlineSnapshot(`
    "invoke_agent desk
    └─ tools/call look_up
       └─ tools/call look_up
          └─ invoke_agent librarian"
  `);
});
