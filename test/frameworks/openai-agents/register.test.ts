import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type ScriptedProvider, scriptedProvider } from "../../../src/testing/scripted-provider.ts";
import { type Ended, runProgram } from "../../pipeline/fixtures/run-program.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { calls, says } from "./support.ts";

const program = new URL("./fixtures/hand-over.ts", import.meta.url).href;
const register = new URL("../../../src/register.ts", import.meta.url).href;

async function runRegistered(provider: ScriptedProvider): Promise<Ended & { readonly trace: string }> {
  const file = join(await temporaryFolder(), "trace.jsonl");
  using running = runProgram(program, [], {
    NODE_OPTIONS: `--import=${register}`,
    NODE_ENV: "production",
    PROVIDER_URL: provider.openaiBaseUrl,
    OTEL_TRACES_EXPORTER: "none",
    OTEL_METRICS_EXPORTER: "none",
    AGENT_OTEL_TRACE_FILE: file,
  });
  const ended = await running.ended;
  return { ...ended, trace: await readFile(file, "utf8") };
}

describe("a program with register and the OpenAI Agents SDK", () => {
  it("has one model span for each request, the client's, in the agent that made it", async () => {
    await using provider = await scriptedProvider();
    provider.queue(calls("transfer_to_billing", {}), says("Once."), says("Twice."), {
      fail: { status: 400 },
    });
    const { code, trace } = await runRegistered(provider);
    expect(code).toBe(0);
    const count = (text: string) => trace.split(text).length - 1;
    expect(provider.requests).toHaveLength(4);
    expect(count('"name":"chat gpt-4o-mini"')).toBe(4);
    expect(count('"name":"invoke_agent billing"')).toBe(3);
    expect(count('"name":"invoke_agent triage"')).toBe(1);
    expect(count('"name":"execute_tool transfer_to_billing billing"')).toBe(1);
    // Ends with the process at the latest, the failed one included.
    expect(count('"name":"invoke_workflow Agent workflow"')).toBe(3);
  });
});
