import { ProxyTracerProvider, type Tracer, type TracerProvider, trace } from "@opentelemetry/api";
import { VERSION } from "../internal/version.ts";
import { SCOPE_NAME } from "./semconv.ts";

const NO_SDK: TracerProvider = new ProxyTracerProvider().getDelegate();

/** The tracer of the provider seen last. Only saves the look-up by name; a new provider replaces it at the next call. */
let seen: { provider: TracerProvider; tracer: Tracer | undefined } = { provider: NO_SDK, tracer: undefined };

/**
 * Our tracer at the provider that is registered now, since the SDK may start after us, or `undefined` when there is none:
 * then a span would be work for nobody.
 */
export function currentTracer(): Tracer | undefined {
  const registered = trace.getTracerProvider();
  const provider = registered instanceof ProxyTracerProvider ? registered.getDelegate() : registered;
  if (provider !== seen.provider) {
    seen = { provider, tracer: provider === NO_SDK ? undefined : provider.getTracer(SCOPE_NAME, VERSION) };
  }
  return seen.tracer;
}
