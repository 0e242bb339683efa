/**
 * Makes an error that says where nothing: to walk the stack costs three quarters of a refusal, and a refusal comes from the breaker or
 * limit that its message names, whoever asked.
 */
export function withoutStack<E extends Error>(make: () => E): E {
  const limit = Error.stackTraceLimit;
  try {
    Error.stackTraceLimit = 0;
    return make();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
