import { type TracerProvider, trace } from "@opentelemetry/api";

const MESSAGE =
  "agent-otel: this program registers an OpenTelemetry SDK of its own after agent-otel started one. Only the first gets spans. " +
  "Keep yours: set AGENT_OTEL_SDK=external and give it agentSpanProcessor() and agentMetrics() from agent-otel/start. " +
  "Or keep ours: remove yours.\n";

/**
 * Says on stderr when another SDK is registered later. `--import` runs before the program, so nobody can know in advance; and
 * the API itself tells only its diag logger, which few programs have set.
 */
export function watchForSecondSdk(
  write: (line: string) => void = (line) => void process.stderr.write(line),
): void {
  const register = trace.setGlobalTracerProvider;
  let said = false;
  trace.setGlobalTracerProvider = function (this: typeof trace, provider: TracerProvider): boolean {
    const registered = Reflect.apply(register, this, [provider]);
    if (!registered && !said) {
      said = true;
      write(MESSAGE);
    }
    return registered;
  };
}
