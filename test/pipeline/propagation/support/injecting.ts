import { subscribe, unsubscribe } from "node:diagnostics_channel";
import http, { type ClientRequest } from "node:http";
import https from "node:https";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { context, propagation, type TracerProvider, trace } from "@opentelemetry/api";

/** What puts trace context and baggage into every request, once started. May be started again. */
export interface Injecting {
  /** Versions of the real instrumentations, or that a stand-in is at work. */
  readonly what: string;
  /** Whether each request of undici and http becomes a span. */
  readonly makesSpans: boolean;
  start(): void;
  stop(): void;
}

interface Instrumentation {
  readonly instrumentationName: string;
  readonly instrumentationVersion: string;
  enable(): void;
  disable(): void;
  setTracerProvider(provider: TracerProvider): void;
}

/**
 * `@opentelemetry/instrumentation-undici` and `-http` where they are installed, in this package or among the peers of the benches; else
 * a stand-in that adds headers at the same moments. Once for each file of tests: a second instance would not see the require.
 */
export function injecting(): Injecting {
  const undici = construct("@opentelemetry/instrumentation-undici", "UndiciInstrumentation");
  const plain = construct("@opentelemetry/instrumentation-http", "HttpInstrumentation");
  if (undici === undefined || plain === undefined) return standIn();
  const all = [undici, plain];
  return {
    makesSpans: true,
    what: all
      .map((each) => `${each.instrumentationName.split("/")[1]} ${each.instrumentationVersion}`)
      .join(", "),
    start: () => {
      for (const each of all) {
        each.setTracerProvider(trace.getTracerProvider());
        each.enable();
      }
      // The hook that patches these two sees a require, also of a module that is loaded already.
      const require = createRequire(import.meta.url);
      for (const name of ["http", "https"]) require(name);
    },
    stop: () => {
      for (const each of all) each.disable();
    },
  };
}

function construct(packageName: string, className: string): Instrumentation | undefined {
  for (const from of ["package.json", "bench/peers/package.json"]) {
    try {
      const require = createRequire(fileURLToPath(new URL(`../../../../${from}`, import.meta.url)));
      const exports = require(packageName) as Record<string, new (config?: object) => Instrumentation>;
      const instrumentation = new exports[className]!();
      instrumentation.disable();
      return instrumentation;
    } catch {
      // Not installed there.
    }
  }
  return undefined;
}

/**
 * Undici's instrumentation adds its headers when the channel tells of a new request, with `addHeader`; that of http wraps `request`
 * and `get` of both modules and injects into a copy of the options' headers.
 */
function standIn(): Injecting {
  const onCreate = (message: unknown) => {
    const { request } = message as { readonly request: { addHeader(name: string, value: string): void } };
    for (const [name, value] of Object.entries(injected())) request.addHeader(name, value);
  };
  let undo: readonly (() => void)[] = [];
  return {
    makesSpans: false,
    what: "a stand-in, as the real instrumentations are not installed",
    start: () => {
      subscribe("undici:request:create", onCreate);
      undo = [wrapRequest(http), wrapRequest(https)];
    },
    stop: () => {
      unsubscribe("undici:request:create", onCreate);
      for (const each of undo) each();
    },
  };
}

function injected(): Record<string, string> {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier;
}

type Send = (...args: unknown[]) => ClientRequest;

function wrapRequest(module: { request: unknown; get: unknown }): () => void {
  const before = { request: module.request, get: module.get };
  const request: Send = (first, ...rest) => {
    const last = [first, ...rest].find((each) => Object.prototype.toString.call(each) === "[object Object]");
    const options = { ...(last as object | undefined) } as { headers?: object };
    options.headers = { ...options.headers, ...injected() };
    const url = typeof first === "string" || first instanceof URL ? [first] : [];
    const callback = rest.filter((each) => typeof each === "function");
    return Reflect.apply(before.request as Send, module, [...url, options, ...callback]);
  };
  const get: Send = (...args) => {
    const sent = request(...args);
    sent.end();
    return sent;
  };
  Object.assign(module, { request, get });
  return () => Object.assign(module, before);
}
