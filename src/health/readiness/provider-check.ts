import { checkName } from "../../internal/check-name.ts";
import type { Check } from "./check.ts";
import { askedStatus, httpUrl } from "./http-check.ts";

/** A client of an SDK with a list of models, as those of OpenAI, Anthropic, Mistral and Google; or one of Ollama. */
export type ModelListClient =
  | { readonly models: { list(): unknown } }
  | { list(): unknown; readonly models?: undefined };

interface ProviderName {
  /** A metric label and a name in the answer, as `openai`. */
  readonly name: string;
  /** Whether the program is not ready without it. `false` where another one can stand in. @default true */
  readonly required?: boolean;
}

/** How a provider is asked: for its list of models, at a URL that costs nothing, or by a call of the program's own, which may cost. */
export type ProviderOptions = ProviderName &
  (
    | { readonly client: ModelListClient }
    | { readonly url: string | URL; readonly headers?: Readonly<Record<string, string>> }
    | { readonly call: (signal: AbortSignal) => unknown }
  );

/** @throws TypeError that names the option. */
export function providerCheck(options: ProviderOptions, timeoutMs: number): Check {
  const { name, required = true } = options;
  checkName("readiness: providers", name);
  return { name, required, run: runOf(options, timeoutMs) };
}

function runOf(options: ProviderOptions, timeoutMs: number): Check["run"] {
  if ("call" in options) {
    const { call } = options;
    if (typeof call !== "function") throw wrong(options.name);
    return async (signal) => {
      await call(signal);
      return "ok";
    };
  }
  if ("url" in options) {
    const { headers = {} } = options;
    const url = httpUrl(`readiness: url of provider "${options.name}"`, options.url);
    return (signal) => askedStatus(url, { headers, signal });
  }
  const { client } = options;
  if (listOf(client) === undefined) throw wrong(options.name);
  return async () => {
    await listOf(patientFor(client, timeoutMs))?.();
    return "ok";
  };
}

function listOf(client: ModelListClient | undefined): (() => unknown) | undefined {
  if (typeof client?.models?.list === "function") return () => client.models?.list();
  const { list } = (client ?? {}) as { list?: unknown };
  return typeof list === "function" ? () => list.call(client) : undefined;
}

/** An SDK that would try again on its own for minutes is told not to, where it can be told. */
function patientFor(client: ModelListClient, timeoutMs: number): ModelListClient {
  const { withOptions } = client as { withOptions?: (options: object) => ModelListClient };
  return typeof withOptions === "function"
    ? withOptions.call(client, { timeout: timeoutMs, maxRetries: 0 })
    : client;
}

function wrong(name: string): TypeError {
  return new TypeError(
    `readiness: provider "${name}" must have a client with models.list(), a url, or a function call`,
  );
}
