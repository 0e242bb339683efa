import type { Attributes } from "@opentelemetry/api";
import { askBeforeModelCall } from "../agent/call-guard.ts";
import { ModelCall } from "../agent/model-call.ts";
import { preloadPrices } from "../cost/price-library.ts";
import { isAgentError } from "../errors/agent-error.ts";
import { reportFailure, warnOnce } from "../internal/warn-once.ts";
import * as names from "../telemetry/semconv.ts";
import { currentTracer } from "../telemetry/tracer.ts";
import { withContent } from "./content-reader.ts";
import type { ClientInstrumentation, PatchTarget } from "./endpoint.ts";
import { field } from "./fields.ts";
import { observeAnswer, observeCallback } from "./observe-answer.ts";
import { serverOf } from "./server-of.ts";
import type { Awaited } from "./take-answer.ts";

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
  } catch (error) {
    reportFailure(`instrumenting ${client.packageName}`, error);
  }
}

function patchMethod(client: ClientInstrumentation, target: PatchTarget): void {
  const { prototype, method } = target;
  const original = field(prototype, method) as Method & { [PATCHED]?: true };
  if (original[PATCHED]) return;
  const own = Object.hasOwn(prototype, method);
  const patched: Method & { [PATCHED]?: true } = function (body, ...rest) {
    // An inherited method is looked up at each call, as it was: others may patch it where it stands.
    const theirs = own ? original : (Reflect.get(Object.getPrototypeOf(prototype), method) as Method);
    const opened = open(client, target, this, [body, ...rest]);
    if (opened === undefined) return Reflect.apply(theirs, this, [body, ...rest]);
    const { args, call } = opened;
    const last = args.length - 1;
    const callback = target.callback === true && typeof args[last] === "function";
    if (callback) args[last] = observeCallback(args[last] as () => unknown, opened);
    let result: unknown;
    try {
      result = call.run(() => Reflect.apply(theirs, this, args));
    } catch (error) {
      call.fail(error);
      throw error;
    }
    return callback ? result : observeAnswer(result, opened);
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

interface Opened extends Awaited {
  /** What the client gets. */
  readonly args: unknown[];
}

/**
 * @returns `undefined` where this is no call of ours, or where we failed: then the client is called as if we were not there.
 * @throws the refusal of a limit or a budget.
 */
function open(
  client: ClientInstrumentation,
  target: PatchTarget,
  self: object,
  args: unknown[],
): Opened | undefined {
  try {
    const [body] = args;
    const endpoint = typeof target.endpoint === "function" ? target.endpoint(body) : target.endpoint;
    if (endpoint === undefined) return undefined;
    const owner = field(self, "_client") ?? self;
    // Without an SDK nobody sees such a client's spans, so the record has to come from here.
    if (client.tracesItself?.(owner as object) && currentTracer() !== undefined) return undefined;
    const request = endpoint.request(body);
    const { host, port } = serverOf(owner, client.baseUrl?.(self, body, args[1]));
    const attributes: Attributes = request.attributes;
    if (request.stream) attributes[names.ATTR_REQUEST_STREAM] = true;
    if (host !== undefined) attributes[names.ATTR_SERVER_ADDRESS] = host;
    if (port !== undefined) attributes[names.ATTR_SERVER_PORT] = port;
    const sent = endpoint.prepare?.(body) ?? { body, changed: false };
    const asked = {
      operation: endpoint.operation,
      provider: client.provider(host, port, self),
      model: request.model,
      attributes,
    };
    const call = new ModelCall(asked, undefined, askBeforeModelCall(asked, body));
    args[0] = sent.body;
    // At the end of the first call it would be waited for.
    preloadPrices();
    return {
      call,
      endpoint: withContent(endpoint, call, body),
      changed: sent.changed,
      name: client.packageName,
      args,
    };
  } catch (error) {
    // A limit of the user's has refused the call. Thrown at once: a client's helpers would choke on a promise that is not the client's.
    if (isAgentError(error)) throw error;
    reportFailure(`reading a request to ${client.packageName}`, error);
    return undefined;
  }
}
