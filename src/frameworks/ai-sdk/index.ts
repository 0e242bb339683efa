/**
 * The Vercel AI SDK, through its own telemetry hook.
 *
 * @module agent-otel/ai-sdk
 */

export { type AiSdkTelemetryOptions, aiSdkTelemetry } from "./ai-sdk-telemetry.ts";
export type { AiSdkTelemetry, HookedCall } from "./hooks.ts";
