import { type TracerProvider, trace } from "@opentelemetry/api";

const MESSAGE =
  "agent-otel: this program registers an OpenTelemetry SDK of its own after agent-otel started one. Only the first gets spans. " +
  "Keep yours: set AGENT_OTEL_SDK=external and give it agentSpanProcessor() and agentMetrics() from agent-otel/start. " +
  "Or keep ours: remove yours.";

/** How the API words it on its diag logger, the only sign of a registration through its CommonJS copy. */
const DUPLICATE = "duplicate registration of API: trace";

let said = false;

function say(write: (line: string) => void): void {
  if (said) return;
  said = true;
  write(MESSAGE);
}

/**
 * Says on stderr when another SDK is registered later. `--import` runs before the program, so nobody can know in advance; and
 * the API itself tells only its diag logger, which the program may have replaced by its own.
 */
export function watchForSecondSdk(write: (line: string) => void): void {
  const register = trace.setGlobalTracerProvider;
  trace.setGlobalTracerProvider = function (this: typeof trace, provider: TracerProvider): boolean {
    const registered = Reflect.apply(register, this, [provider]);
    if (!registered) say(write);
    return registered;
  };
}

/** Says the same in place of the API's own words. @returns Whether `message` was about that. */
export function translateDuplicate(message: string, write: (line: string) => void): boolean {
  if (!message.includes(DUPLICATE)) return false;
  say(write);
  return true;
}
