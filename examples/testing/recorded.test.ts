// Real answers, recorded once to otters.recording.json: `AGENT_OTEL_RECORD=1 OPENAI_API_KEY=… npx vitest run` records them anew.
import { observe } from "agent-otel";
import { recordProvider, SpanRecorder, traceSnapshot } from "agent-otel/testing";
import OpenAI from "openai";
import { expect, it } from "vitest";
import { makeTeam } from "./team.ts";
import "agent-otel/testing/vitest";

it("does what it did when it was recorded", async () => {
  using recorder = new SpanRecorder();
  await using provider = await recordProvider({
    upstream: "openai",
    file: new URL("./otters.recording.json", import.meta.url),
  });
  const apiKey = process.env["OPENAI_API_KEY"] ?? "replayed";
  const openai = observe(new OpenAI({ apiKey, baseURL: provider.openaiBaseUrl }));

  expect(await makeTeam(openai)("otters")).toContain("hands");

  await recorder.settled();
  expect(recorder).toCostLessThan(0.01);
  expect(traceSnapshot(recorder, { tokens: true })).toMatchInlineSnapshot(`
    "invoke_agent supervisor
    ├─ invoke_agent researcher
    │  ├─ chat gpt-4o-mini  8 in, 6 out
    │  ├─ execute_tool search
    │  └─ chat gpt-4o-mini  23 in, 18 out
    └─ invoke_agent writer
       └─ chat gpt-4o-mini  23 in, 14 out"
  `);
});
