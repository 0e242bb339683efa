import { reportFailure } from "../internal/warn-once.ts";
import { anthropic } from "./clients/anthropic.ts";
import { openai } from "./clients/openai.ts";
import type { ClientInstrumentation } from "./endpoint.ts";
import { field } from "./fields.ts";
import { patchClient } from "./patch-client.ts";

const CLIENTS: readonly ClientInstrumentation[] = [openai, anthropic];

/**
 * Makes a span of each model call of one client object, with tokens and cost, as `agent-otel/register` does for every client
 * that a program loads. For programs whose clients are bundled into one file, where no loader hook sees them, or that start
 * without `--import`. A client that is instrumented already stays as it is.
 *
 * @param client An instance of `OpenAI` (Azure and other heirs too) or `Anthropic`. It is changed in place.
 * @returns The same object. What its `withOptions()` gives is observed as well.
 * @throws TypeError when it is no client that is known.
 */
export function observe<T extends object>(client: T): T {
  const known = CLIENTS.find((each) => targetsOf(each, client).length > 0);
  if (known === undefined) {
    const names = CLIENTS.map(({ packageName }) => packageName).join(", ");
    throw new TypeError(
      `observe: client must be an instance of a client of ${names}, got ${described(client)}`,
    );
  }
  patchClient({ ...known, targets: () => targetsOf(known, client) }, client);
  observeHeirs(client);
  return client;
}

function targetsOf(known: ClientInstrumentation, client: unknown) {
  return typeof client === "object" && client !== null ? (known.instanceTargets?.(client) ?? []) : [];
}

/** `withOptions` makes a new client, with resources of its own. */
function observeHeirs(client: object): void {
  const original = field(client, "withOptions");
  if (typeof original !== "function" || Object.hasOwn(client, "withOptions")) return;
  Object.defineProperty(client, "withOptions", {
    configurable: true,
    writable: true,
    enumerable: false,
    value(this: unknown, ...args: unknown[]): unknown {
      const heir: unknown = Reflect.apply(original, this, args);
      try {
        return observe(heir as object);
      } catch (error) {
        reportFailure("observing a client", error);
        return heir;
      }
    },
  });
}

function described(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  return `an object of class ${Object.getPrototypeOf(value)?.constructor?.name ?? "null"}`;
}
