import type { ComponentChildren } from "preact";
import { isAbsent, type Refusal } from "../data/problem.ts";
import type { Resource } from "../data/use-resource.ts";
import { CopyCommand } from "./copy-command.tsx";

interface LoadedProps<T> {
  readonly of: Resource<T>;
  /** Lines that the place keeps free until the answer is there, so that nothing jumps. */
  readonly lines?: number;
  readonly children: (data: T) => ComponentChildren;
}

/** Data, the place of data that is still to come, or why there are none, with a way to try again. */
export function Loaded<T>({ of, lines = 4, children }: LoadedProps<T>) {
  const { data, refusal, reload } = of;
  if (data === undefined) {
    return refusal === undefined ? <Skeleton lines={lines} /> : <Refused refusal={refusal} retry={reload} />;
  }
  return (
    <>
      {/* The banner of the page tells of a server that is gone. */}
      {refusal !== undefined && refusal.status !== 0 && <Refused refusal={refusal} retry={reload} />}
      {children(data)}
    </>
  );
}

export function Refused({ refusal, retry }: { readonly refusal: Refusal; readonly retry?: () => void }) {
  return (
    <div class={isAbsent(refusal) ? "notice" : "notice bad"} role="status">
      <p>
        <strong>{refusal.title}.</strong> {refusal.detail}
      </p>
      {refusal.command !== undefined && <CopyCommand command={refusal.command} />}
      {retry !== undefined && !isAbsent(refusal) && (
        <button type="button" class="button small" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

function Skeleton({ lines }: { readonly lines: number }) {
  return (
    <div class="skeleton" role="status">
      <span class="hidden">Loading</span>
      {Array.from({ length: lines }, (_, index) => (
        // Lines without a meaning.
        <div key={index} class="skeleton-line" />
      ))}
    </div>
  );
}
