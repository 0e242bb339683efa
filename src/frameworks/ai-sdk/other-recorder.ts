import { field } from "../../instrumentation/fields.ts";
import { warnOnce } from "../../internal/warn-once.ts";

/** The AI SDK's own integrations, which make a span of every call as well (`@ai-sdk/otel`). */
const NAMES: ReadonlySet<string> = new Set(["OpenTelemetry", "LegacyOpenTelemetry"]);

/** Whether the AI SDK's own OpenTelemetry integration is registered next to `mine`. The list is the AI SDK's. */
export function isBesideOther(mine: object): boolean {
  const registered = field(globalThis, "AI_SDK_TELEMETRY_INTEGRATIONS");
  if (!Array.isArray(registered) || registered.length < 2 || !registered.includes(mine)) return false;
  if (!registered.some(isAiSdksOwn)) return false;
  warnOnce(
    "ai-sdk-otel",
    "aiSdkTelemetry() stands back, since the AI SDK's own OpenTelemetry integration is registered too and each call would count twice. " +
      "Register only one of them; limits and budgets see calls of the AI SDK only with ours.",
  );
  return true;
}

/** A bundler may have given the class another name; it does not rename properties. */
function isAiSdksOwn(integration: unknown): boolean {
  if (NAMES.has(String(field(field(integration, "constructor"), "name")))) return true;
  return field(integration, "callStates") instanceof Map && field(integration, "tracer") !== undefined;
}
