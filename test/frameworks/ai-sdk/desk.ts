import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import type { Telemetry } from "ai";
import { afterEach, beforeEach } from "vitest";
import { onCall } from "../../../src/agent/call-log.ts";
import { type AiSdkTelemetryOptions, aiSdkTelemetry } from "../../../src/frameworks/ai-sdk/index.ts";
import { agentSpanProcessor } from "../../../src/pipeline/agent-span-processor.ts";
import type { CallRecord } from "../../../src/telemetry/call-record.ts";
import { type ScriptedProvider, scriptedProvider } from "../../../src/testing/scripted-provider.ts";
import { SpanRecorder } from "../../../src/testing/span-recorder.ts";

/** Fresh for each test: a provider, the spans, and the AI SDK's own list of integrations with ours in it. */
export interface Desk {
  readonly provider: ScriptedProvider;
  readonly spans: SpanRecorder;
  readonly records: readonly CallRecord[];
  readonly openai: ReturnType<typeof createOpenAI>;
  readonly anthropic: ReturnType<typeof createAnthropic>;
  register(...integrations: Telemetry[]): void;
  /** Takes all integrations away. */
  stopWatching(): void;
}

/** @param options Of the hook; `null`: none is registered. */
export function openDesk(options: AiSdkTelemetryOptions | null = {}): Desk {
  let desk: { -readonly [Name in keyof Desk]: Desk[Name] } | undefined;
  let stop = (): void => {};
  beforeEach(async () => {
    const provider = await scriptedProvider();
    const records: CallRecord[] = [];
    stop = onCall((record) => records.push(record));
    globalThis.AI_SDK_TELEMETRY_INTEGRATIONS = options === null ? [] : [aiSdkTelemetry(options)];
    desk = {
      provider,
      records,
      spans: new SpanRecorder({ spanProcessors: [agentSpanProcessor()] }),
      openai: createOpenAI({ apiKey: "none", baseURL: provider.openaiBaseUrl }),
      anthropic: createAnthropic({ apiKey: "none", baseURL: `${provider.anthropicBaseUrl}/v1` }),
      register: (...integrations) => {
        globalThis.AI_SDK_TELEMETRY_INTEGRATIONS = [
          ...(globalThis.AI_SDK_TELEMETRY_INTEGRATIONS ?? []),
          ...integrations,
        ];
      },
      stopWatching() {
        globalThis.AI_SDK_TELEMETRY_INTEGRATIONS = [];
      },
    };
  });
  afterEach(async () => {
    stop();
    globalThis.AI_SDK_TELEMETRY_INTEGRATIONS = [];
    desk?.spans.stop();
    await desk?.provider.close();
  });
  const now = (): Desk => {
    if (desk === undefined) throw new Error("the desk is open only during a test");
    return desk;
  };
  return {
    get provider() {
      return now().provider;
    },
    get spans() {
      return now().spans;
    },
    get records() {
      return now().records;
    },
    get openai() {
      return now().openai;
    },
    get anthropic() {
      return now().anthropic;
    },
    register: (...integrations) => now().register(...integrations),
    stopWatching: () => now().stopWatching(),
  };
}
