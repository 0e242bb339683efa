import { followNativePromise } from "../agent/streams/follow-native-promise.ts";
import type { Lifetime } from "../agent/streams/lifetime.ts";
import { field } from "./fields.ts";

/** The promise of a client that Fern's generator made (cohere-ai): `then`, `catch` and `withRawResponse()` share one inner promise. */
export interface ResponsePromise extends Promise<unknown> {
  innerPromise: Promise<unknown>;
}

export function isResponsePromise(value: object): value is ResponsePromise {
  return (
    value instanceof Promise &&
    typeof field(value, "unwrap") === "function" &&
    field(value, "innerPromise") instanceof Promise
  );
}

/** Put in the inner promise's place, so that a rejection is unhandled exactly when the caller leaves it so. */
export function observeResponsePromise(
  promise: ResponsePromise,
  lifetime: Lifetime,
  take: (answer: unknown) => unknown,
): void {
  promise.innerPromise = followNativePromise(promise.innerPromise, lifetime, (response) => {
    const answer = field(response, "data");
    const followed = take(answer);
    if (followed !== answer) (response as { data: unknown }).data = followed;
    return response;
  });
}
