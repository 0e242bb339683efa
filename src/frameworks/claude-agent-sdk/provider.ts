import { text } from "../../instrumentation/fields.ts";

/** Who answers the CLI, by the variables that it reads itself. */
export function providerOfCli(env: unknown = process.env): string {
  if (isSet(env, "CLAUDE_CODE_USE_BEDROCK")) return "aws.bedrock";
  return isSet(env, "CLAUDE_CODE_USE_VERTEX") ? "gcp.vertex_ai" : "anthropic";
}

function isSet(env: unknown, name: string): boolean {
  return !["0", "false", "no", "off"].includes((text(env, name) ?? "0").toLowerCase());
}
