import { checkChoice, type Environment, readFlag, readText } from "./variables.ts";

/** `start`: build the SDK. `disabled`: OTEL_SDK_DISABLED. `external`: the program brings an SDK of its own. */
export type SdkMode = "start" | "disabled" | "external";

/**
 * Read before all else: a switched-off SDK must not be able to fail on another variable.
 *
 * @throws TypeError when AGENT_OTEL_SDK is set to anything but `external`.
 */
export function readSdkMode(env: Environment): SdkMode {
  if (readFlag(env, "OTEL_SDK_DISABLED")) return "disabled";
  const sdk = readText(env, "AGENT_OTEL_SDK");
  return sdk === undefined ? "start" : checkChoice("AGENT_OTEL_SDK", sdk, ["external"]);
}
