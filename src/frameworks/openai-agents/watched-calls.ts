import type { ToldCall } from "../../agent/told/beside.ts";
import type { SdkSpan } from "./sdk.ts";

/** A call of a model class of the SDK that was seen itself; the SDK's span of it adds what only that one knows. */
export interface WatchedCall {
  span: SdkSpan | undefined;
}

const calls = new WeakMap<ToldCall, WatchedCall>();

export function markWatched(call: ToldCall): WatchedCall {
  const watched: WatchedCall = { span: undefined };
  calls.set(call, watched);
  return watched;
}

export function watchedCall(call: ToldCall | undefined): WatchedCall | undefined {
  return call === undefined ? undefined : calls.get(call);
}
