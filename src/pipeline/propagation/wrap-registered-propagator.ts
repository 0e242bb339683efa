import { propagation, type TextMapPropagator } from "@opentelemetry/api";

/**
 * Runs what registers a global propagator, as NodeSDK's `start()` does, and registers `wrap` of it instead. So the choice that
 * OTEL_PROPAGATORS makes stays NodeSDK's, `none` included.
 */
export function wrapRegisteredPropagator<T>(
  wrap: (propagator: TextMapPropagator) => TextMapPropagator,
  run: () => T,
): T {
  const own = Object.getOwnPropertyDescriptor(propagation, "setGlobalPropagator");
  const register = propagation.setGlobalPropagator;
  propagation.setGlobalPropagator = (propagator) => Reflect.apply(register, propagation, [wrap(propagator)]);
  try {
    return run();
  } finally {
    if (own === undefined) Reflect.deleteProperty(propagation, "setGlobalPropagator");
    else Object.defineProperty(propagation, "setGlobalPropagator", own);
  }
}
