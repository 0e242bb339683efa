import { logs } from "@opentelemetry/api";
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
import { afterEach, expect, it } from "vitest";
import { agent, tool } from "../../src/index.ts";
import { scriptedProvider } from "../../src/testing/index.ts";
import { watch } from "../agent/support.ts";
import { all, chatRequest, clientsOf, messageRequest, responseRequest } from "../instrumentation/support.ts";
import { recordWhole } from "../naive/canaries-recorded-whole.ts";
import { watchMetrics } from "./support.ts";

// Five of six other instrumentations record prompts and answers unless they are told not to.

const told = watch();
const metrics = watchMetrics();
afterEach(() => logs.disable());

/** Texts that nobody has asked to record, each where it is planted. */
const CANARY = (place: string) => `Ada Lovelace, born 1815, of ${place}`;
const SAID = /Ada Lovelace|1815/;

async function converse(): Promise<void> {
  await using provider = await scriptedProvider({ respond: () => ({ text: CANARY("the answer") }) });
  const { openai, anthropic } = clientsOf(provider);
  const messages = [
    { role: "system" as const, content: CANARY("the system") },
    { role: "user" as const, content: CANARY("the prompt") },
  ];
  const look = tool("look_up", (person: string) => `${person}: ${CANARY("the result")}`);
  const ask = agent("clerk", async (question: string) => {
    look(question);
    await openai.chat.completions.create({ ...chatRequest, messages, user: CANARY("the user") });
    await all(await openai.chat.completions.create({ ...chatRequest, messages, stream: true }));
    await openai.responses.create({ ...responseRequest, instructions: CANARY("instructions") });
    await anthropic.messages.create({ ...messageRequest, system: CANARY("the system") });
    await openai.embeddings.create({ model: "text-embedding-3-small", input: CANARY("a text to embed") });
    provider.queue({ toolCalls: [{ name: "look_up", arguments: { person: CANARY("arguments") } }] });
    await openai.chat.completions.create({ ...chatRequest, messages });
    return CANARY("the output");
  });
  await ask(CANARY("the input"));
}

it("nothing of prompts, answers and tools is in spans, records, events or metrics by default", async () => {
  const exporter = new InMemoryLogRecordExporter();
  logs.setGlobalLoggerProvider(
    new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] }),
  );
  await converse();
  expect(told.spans.spans).toHaveLength(8);
  const exported = [
    JSON.stringify(told.spans.spans, (_, value: unknown) =>
      typeof value === "bigint" ? String(value) : value,
    ),
    JSON.stringify(told.records),
    JSON.stringify(await metrics.all()),
    JSON.stringify(exporter.getFinishedLogRecords().map(({ body, attributes }) => [body, attributes])),
  ];
  for (const text of exported) expect(text).not.toMatch(SAID);
});

it("would be seen to be there: an instrumentation that records its input", () => {
  recordWhole("prompt", CANARY("the prompt"), undefined);
  expect(JSON.stringify(told.spans.spans.map(({ attributes }) => attributes))).toMatch(SAID);
});
