import { logs } from "@opentelemetry/api";
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  type ReadableLogRecord,
  SimpleLogRecordProcessor,
} from "@opentelemetry/sdk-logs";
import { afterEach, beforeEach } from "vitest";
import { type CaptureContent, contentCapture } from "../../src/agent/content/capture-mode.ts";
import type { TraceSpan } from "../../src/index.ts";
import { all, type Clients, chatRequest, messageRequest, responseRequest } from "./support.ts";

export interface EventWatch {
  readonly events: readonly ReadableLogRecord[];
  named(name: string): readonly ReadableLogRecord[];
}

export const DETAILS = "gen_ai.client.inference.operation.details";
export const EXCEPTION = "gen_ai.client.operation.exception";

/** A logs pipeline of the real SDK for each test of the file; and content off again after each. */
export function watchEvents(): EventWatch {
  let exporter: InMemoryLogRecordExporter;
  beforeEach(() => {
    exporter = new InMemoryLogRecordExporter();
    logs.setGlobalLoggerProvider(
      new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] }),
    );
  });
  afterEach(() => {
    logs.disable();
    contentCapture.use("NO_CONTENT");
  });
  return {
    get events() {
      return exporter.getFinishedLogRecords();
    },
    named: (name) => exporter.getFinishedLogRecords().filter(({ eventName }) => eventName === name),
  };
}

export function capture(mode: CaptureContent): void {
  contentCapture.use(mode);
}

export const ATTRIBUTES = [
  "gen_ai.system_instructions",
  "gen_ai.input.messages",
  "gen_ai.output.messages",
  "gen_ai.tool.definitions",
] as const;

/** The content of a span, parsed. */
export function contentOf(span: TraceSpan | undefined): Record<string, unknown> {
  const said = ATTRIBUTES.flatMap((name) => {
    const json = span?.attributes[name];
    return typeof json === "string" ? [[name, JSON.parse(json)] as const] : [];
  });
  return Object.fromEntries(said);
}

export type Ask = (clients: Clients, stream: boolean) => Promise<unknown>;

const PARAMETERS = { type: "object", properties: { city: { type: "string" } } } as const;

/** One conversation with a tool, in the words of each protocol. Every text begins with "canary". */
export const asks: readonly (readonly [name: string, ask: Ask])[] = [
  [
    "chat completions",
    async ({ openai }, stream) => {
      const answer = await openai.chat.completions.create({
        ...chatRequest,
        messages: [
          { role: "system", content: "canary rules" },
          { role: "user", content: [{ type: "text", text: "canary question" }] },
          {
            role: "assistant",
            content: null,
            tool_calls: [
              {
                id: "call_1",
                type: "function",
                function: { name: "weather", arguments: '{"city":"canary"}' },
              },
            ],
          },
          { role: "tool", tool_call_id: "call_1", content: "canary result" },
        ],
        tools: [
          {
            type: "function",
            function: { name: "weather", description: "canary tool", parameters: PARAMETERS },
          },
        ],
        stream,
      });
      return Symbol.asyncIterator in answer ? all(answer) : answer;
    },
  ],
  [
    "responses",
    async ({ openai }, stream) => {
      const answer = await openai.responses.create({
        ...responseRequest,
        instructions: "canary rules",
        input: [
          { role: "user", content: "canary question" },
          { type: "function_call", call_id: "call_1", name: "weather", arguments: '{"city":"canary"}' },
          { type: "function_call_output", call_id: "call_1", output: "canary result" },
        ],
        tools: [
          {
            type: "function",
            name: "weather",
            description: "canary tool",
            parameters: PARAMETERS,
            strict: true,
          },
        ],
        stream,
      });
      return Symbol.asyncIterator in answer ? all(answer) : answer;
    },
  ],
  [
    "messages",
    async ({ anthropic }, stream) => {
      const answer = await anthropic.messages.create({
        ...messageRequest,
        system: [{ type: "text", text: "canary rules" }],
        messages: [
          { role: "user", content: "canary question" },
          {
            role: "assistant",
            content: [{ type: "tool_use", id: "call_1", name: "weather", input: { city: "canary" } }],
          },
          {
            role: "user",
            content: [{ type: "tool_result", tool_use_id: "call_1", content: "canary result" }],
          },
        ],
        tools: [{ name: "weather", description: "canary tool", input_schema: PARAMETERS }],
        stream,
      });
      return Symbol.asyncIterator in answer ? all(answer) : answer;
    },
  ],
];
