/**
 * Turns off the spans that Anthropic's client makes by itself, and its sending of trace context and baggage to the provider,
 * unless the environment says otherwise: one mechanism, one span a call. Who keeps its spans on gets those instead of ours,
 * with agent and cost added.
 *
 * @param env Changed in place. The client reads it when it is constructed.
 */
export function quietAnthropic(env: Record<string, string | undefined>): void {
  env["ANTHROPIC_OPEN_TELEMETRY"] ??= "false";
  env["ANTHROPIC_OPEN_TELEMETRY_PROPAGATION"] ??= "false";
}
