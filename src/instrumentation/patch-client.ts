import type { Attributes } from "@opentelemetry/api";
import { ModelCall } from "../agent/model-call.ts";
import { preloadPrices } from "../cost/price-library.ts";
import { reportFailure, warnOnce } from "../internal/warn-once.ts";
import * as names from "../telemetry/semconv.ts";
import { currentTracer } from "../telemetry/tracer.ts";
import type { ClientInstrumentation, Endpoint, PatchTarget } from "./endpoint.ts";
import { field } from "./fields.ts";
import { observeAnswer } from "./observe-answer.ts";
import { serverOf } from "./server-of.ts";

type Method = (this: object, body: unknown, ...rest: unknown[]) => unknown;

/** On every method that we put in place, so that a module loaded twice is patched once. */
const PATCHED = Symbol.for("agent-otel.patched");

/** Patches the methods of a client library, in place, so that each call of a model becomes a span. Safe to call again. */
export function patchClient(client: ClientInstrumentation, exports: unknown): void {
  try {
    const targets = client.targets(exports);
    if (targets.length === 0) {
      warnOnce(
        `unknown:${client.packageName}`,
        `this version of ${client.packageName} has none of the methods that are known: its calls make no spans`,
      );
    }
    for (const target of targets) patchMethod(client, target);
    // Model calls will follow, so the price table is read now and not at the end of the first one, which it would delay.
    void preloadPrices();
  } catch (error) {
    reportFailure(`instrumenting ${client.packageName}`, error);
  }
}

function patchMethod(client: ClientInstrumentation, { prototype, method, endpoint }: PatchTarget): void {
  const original = field(prototype, method) as Method & { [PATCHED]?: true };
  if (original[PATCHED]) return;
  const patched: Method & { [PATCHED]?: true } = function (body, ...rest) {
    const owner = field(this, "_client");
    // Without an SDK nobody sees such a client's spans, so the record has to come from here.
    const traced = typeof owner === "object" && owner !== null && client.tracesItself?.(owner);
    if (traced && currentTracer() !== undefined) {
      return Reflect.apply(original, this, [body, ...rest]);
    }
    const opened = open(client, endpoint, owner, body);
    if (opened === undefined) return Reflect.apply(original, this, [body, ...rest]);
    const { call, sent } = opened;
    let result: unknown;
    try {
      result = call.run(() => Reflect.apply(original, this, [sent.body, ...rest]));
    } catch (error) {
      call.fail(error);
      throw error;
    }
    return observeAnswer(result, call, endpoint, sent.changed, client.packageName);
  };
  patched[PATCHED] = true;
  Object.defineProperty(patched, "name", { value: original.name, configurable: true });
  Object.defineProperty(patched, "length", { value: original.length, configurable: true });
  const descriptor = Object.getOwnPropertyDescriptor(prototype, method);
  Object.defineProperty(prototype, method, {
    enumerable: false,
    configurable: true,
    writable: true,
    ...descriptor,
    value: patched,
  });
}

interface Opened {
  readonly call: ModelCall;
  readonly sent: { readonly body: unknown; readonly changed: boolean };
}

/** @returns `undefined` where we failed: then the client is called as if we were not there. */
function open(
  client: ClientInstrumentation,
  endpoint: Endpoint,
  owner: unknown,
  body: unknown,
): Opened | undefined {
  try {
    const request = endpoint.request(body);
    const { host, port } = serverOf(owner);
    const attributes: Attributes = request.attributes;
    if (request.stream) attributes[names.ATTR_REQUEST_STREAM] = true;
    if (host !== undefined) attributes[names.ATTR_SERVER_ADDRESS] = host;
    if (port !== undefined) attributes[names.ATTR_SERVER_PORT] = port;
    const sent = endpoint.prepare?.(body) ?? { body, changed: false };
    const call = new ModelCall({
      operation: endpoint.operation,
      provider: client.provider(host),
      model: request.model,
      attributes,
    });
    return { call, sent };
  } catch (error) {
    reportFailure(`reading a request to ${client.packageName}`, error);
    return undefined;
  }
}
