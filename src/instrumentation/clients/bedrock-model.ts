import { text } from "../fields.ts";

/**
 * The model of a request. An ARN (`arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.…`) is cut to what
 * stands behind its last slash: the rest is the caller's account, and no price knows it.
 */
export function bedrockModel(input: unknown): string | undefined {
  const model = text(input, "modelId");
  return model?.startsWith("arn:") ? model.slice(model.lastIndexOf("/") + 1) : model;
}
