import * as bedrockModule from "@aws-sdk/client-bedrock-runtime";
import * as googleModule from "@google/genai";
import * as mistralModule from "@mistralai/mistralai";
import * as cohereModule from "cohere-ai";
import * as ollamaModule from "ollama";
import { bedrock } from "../../../src/instrumentation/clients/bedrock.ts";
import { cohere } from "../../../src/instrumentation/clients/cohere.ts";
import { googleGenAi } from "../../../src/instrumentation/clients/google-genai.ts";
import { mistral } from "../../../src/instrumentation/clients/mistral.ts";
import { ollama } from "../../../src/instrumentation/clients/ollama.ts";
import { patchClient } from "../../../src/instrumentation/patch-client.ts";

const CLIENTS = [
  [googleGenAi, googleModule],
  [mistral, mistralModule],
  [cohere, cohereModule],
  [bedrock, bedrockModule],
  [ollama, ollamaModule],
] as const;

interface Place {
  readonly prototype: object;
  readonly method: string;
  readonly before: PropertyDescriptor | undefined;
  after?: PropertyDescriptor | undefined;
}

const places: Place[] = CLIENTS.flatMap(([client, exports]) =>
  client.targets(exports).map(({ prototype, method }) => ({
    prototype,
    method,
    before: Object.getOwnPropertyDescriptor(prototype, method),
  })),
);
for (const [client, exports] of CLIENTS) patchClient(client, exports);
for (const place of places) {
  place.after = Object.getOwnPropertyDescriptor(place.prototype, place.method);
}

/** Some packages have one copy only, so for a while it gets its own methods back. */
export async function untouched<T>(fn: () => Promise<T>): Promise<T> {
  put((place) => place.before);
  try {
    return await fn();
  } finally {
    put((place) => place.after);
  }
}

function put(pick: (place: Place) => PropertyDescriptor | undefined): void {
  for (const place of places) {
    const descriptor = pick(place);
    if (descriptor === undefined) Reflect.deleteProperty(place.prototype, place.method);
    else Object.defineProperty(place.prototype, place.method, descriptor);
  }
}
