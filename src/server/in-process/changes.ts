import type { CallLog } from "../../agent/call-log.ts";
import type { After } from "../../internal/timers.ts";
import type { AgentsSources } from "../sources/sources.ts";

const EACH_MS = 500;

/** Tells of finished calls: half a second after the first of them, however many there are. */
export function changesOf(calls: CallLog, after: After): NonNullable<AgentsSources["changes"]> {
  return (listener) => {
    let planned: (() => void) | undefined;
    const unsubscribe = calls.subscribe(() => {
      planned ??= after(
        EACH_MS,
        () => {
          planned = undefined;
          listener();
        },
        false,
      );
    });
    return () => {
      unsubscribe();
      planned?.();
    };
  };
}
