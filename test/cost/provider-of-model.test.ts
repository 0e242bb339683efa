import { expect, it } from "vitest";
import { providerOfModel } from "../../src/cost/provider-of-model.ts";

it.each([
  ["gpt-4o", "openai"],
  ["o3-mini", "openai"],
  ["openai/gpt-4o", "openai"],
  ["claude-sonnet-4-5", "anthropic"],
  ["us.anthropic.claude-sonnet-4-20250514-v1:0", "aws.bedrock"],
  ["gemini-2.5-pro", "gcp.gen_ai"],
  ["models/gemini-2.5-pro", "gcp.gen_ai"],
  ["grok-4", "x_ai"],
  ["mistral-large-latest", "mistral_ai"],
  ["kimi-k2", "moonshot_ai"],
  ["deepseek-chat", "deepseek"],
  ["command-r-plus", "cohere"],
])("knows whose %s is", (model, provider) => {
  expect(providerOfModel(model)).toBe(provider);
});

it("does not guess", () => {
  for (const model of ["no-such-model", "", "deepseek-r1:14b", "x".repeat(1_000)]) {
    expect(providerOfModel(model)).toBeUndefined();
  }
});
