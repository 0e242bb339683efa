/** The slot that all copies of the OpenTelemetry API share. */
const API = Symbol.for("opentelemetry.js.api.1");

type Fn = (this: unknown, ...args: unknown[]) => unknown;

/** @param by The package that registered it; `undefined`: the program's own code. */
type OnProvider = (name: string, by: string | undefined) => void;
/** Called when a count becomes a power of two, and at the end. */
type OnSpans = (made: number, sampled: number) => void;

/** Tells of tracer providers that are registered, and of the spans that they make. The API itself is not loaded. */
export function watchProviders(onProvider: OnProvider, onSpans: OnSpans): void {
  const count = spanCounter(onSpans);
  let delegates = 0;
  whenSet(globalThis, API, (api) =>
    whenSet(api, "trace", (proxy) =>
      afterCall(proxy, "setDelegate", ([provider]) => {
        if (!isObject(provider)) return;
        delegates += 1;
        onProvider(provider.constructor?.name ?? "object", callerOf(new Error().stack));
        if (delegates === 1) countSpans(provider, count);
      }),
    ),
  );
}

/** @returns Takes a span. */
function spanCounter(onSpans: OnSpans): (span: unknown) => void {
  let made = 0;
  let sampled = 0;
  process.on("exit", () => onSpans(made, sampled));
  return (span) => {
    made += 1;
    const context = isObject(span)
      ? (span["spanContext"] as (() => { traceFlags: number }) | undefined)
      : undefined;
    if (((context?.call(span).traceFlags ?? 0) & 1) === 1) sampled += 1;
    if (Number.isInteger(Math.log2(made)) || sampled === 1) onSpans(made, sampled);
  };
}

/** All tracers of a provider are of one class. */
function countSpans(provider: Record<PropertyKey, unknown>, count: (span: unknown) => void): void {
  const getTracer = provider["getTracer"] as Fn | undefined;
  const tracer = getTracer?.call(provider, "agent-otel.doctor");
  if (isObject(tracer)) afterCall(Object.getPrototypeOf(tracer), "startSpan", (_, span) => count(span));
}

/** Calls `then` with each object that the property is set to. */
function whenSet(
  owner: object,
  name: PropertyKey,
  then: (value: Record<PropertyKey, unknown>) => void,
): void {
  let value: unknown = Reflect.get(owner, name);
  const see = (): void => {
    if (isObject(value)) quietly(() => then(value as Record<PropertyKey, unknown>));
  };
  let last = value;
  see();
  Reflect.defineProperty(owner, name, {
    configurable: true,
    enumerable: true,
    get: () => value,
    set: (next: unknown) => {
      value = next;
      // The API sets its slot again with each registration.
      if (next !== last) see();
      last = next;
    },
  });
}

function afterCall(
  owner: object,
  name: string,
  then: (args: readonly unknown[], result: unknown) => void,
): void {
  const original = Reflect.get(owner, name) as Fn | undefined;
  if (typeof original !== "function") return;
  const watched: Fn = function (...args) {
    const result = Reflect.apply(original, this, args);
    quietly(() => then(args, result));
    return result;
  };
  Reflect.defineProperty(owner, name, {
    configurable: true,
    enumerable: false,
    writable: true,
    value: watched,
  });
}

/** The first package on the stack that is not OpenTelemetry itself. */
function callerOf(stack = ""): string | undefined {
  for (const line of stack.split("\n").slice(1)) {
    if (/watch-providers|\/probe|preload/.test(line) || line.includes("node:internal")) continue;
    const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(line) ?? [];
    if (name?.startsWith("@opentelemetry/") === true) continue;
    return name;
  }
  return undefined;
}

function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === "object" && value !== null;
}

function quietly(fn: () => void): void {
  try {
    fn();
  } catch {
    // The program comes first.
  }
}
