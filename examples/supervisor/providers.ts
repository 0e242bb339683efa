import Anthropic from "@anthropic-ai/sdk";
import { scriptedProvider } from "agent-otel/testing";
import OpenAI from "openai";
import { scriptedAnswer } from "./scripted-answers.ts";

/** The real client libraries, and for people who read along what they talk to. */
export interface Providers extends AsyncDisposable {
  readonly openai: OpenAI;
  readonly anthropic: Anthropic;
  readonly description: string;
}

/** The real providers where both keys are there. One real half would pay for a conversation with a script. */
export async function openProviders(): Promise<Providers> {
  const missing = ["OPENAI_API_KEY", "ANTHROPIC_API_KEY"].filter((name) => !process.env[name]);
  return missing.length === 0 ? realProviders() : scriptedProviders(missing);
}

function realProviders(): Providers {
  return {
    openai: new OpenAI(),
    anthropic: new Anthropic(),
    description: "the real ones of OpenAI and Anthropic, as both keys are set",
    [Symbol.asyncDispose]: async () => {},
  };
}

/** A server on this machine that speaks the protocols of both. */
async function scriptedProviders(missing: readonly string[]): Promise<Providers> {
  const server = await scriptedProvider({ respond: scriptedAnswer });
  const only = missing.length === 1 ? ", as both keys are needed" : "";
  return {
    openai: new OpenAI({ apiKey: "scripted", baseURL: server.openaiBaseUrl }),
    anthropic: new Anthropic({ apiKey: "scripted", authToken: null, baseURL: server.anthropicBaseUrl }),
    description: `a scripted provider on this machine${only}; set ${missing.join(" and ")} for real ones`,
    [Symbol.asyncDispose]: () => server.close(),
  };
}
