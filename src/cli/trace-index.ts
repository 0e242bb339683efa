import type { TraceSpan } from "../telemetry/trace-span.ts";

/** What is kept of a trace while its file is looked through. */
export interface TraceEntry {
  readonly traceId: string;
  readonly spans: number;
  readonly startNs: bigint;
  readonly endNs: bigint;
  /** Name of its first span without a parent, or of its first span when each has one elsewhere. */
  readonly rootName: string;
}

/** The traces of a file in a few words each, so that a file larger than memory can be looked through. */
export class TraceIndex {
  readonly #entries = new Map<string, TraceEntry & { readonly hasRoot: boolean }>();

  add(span: TraceSpan): void {
    const { traceId, startNs, endNs = startNs, name } = span;
    const isRoot = span.parentSpanId === undefined;
    const known = this.#entries.get(traceId);
    if (known === undefined) {
      this.#entries.set(traceId, { traceId, spans: 1, startNs, endNs, rootName: name, hasRoot: isRoot });
      return;
    }
    const earlier = startNs < known.startNs;
    const later = endNs > known.endNs;
    // A span without a parent beats one with; among equals the earlier one wins.
    const better = isRoot === known.hasRoot ? earlier : isRoot;
    this.#entries.set(traceId, {
      ...known,
      ...(earlier && { startNs }),
      ...(later && { endNs }),
      ...(better && { rootName: name }),
      spans: known.spans + 1,
      hasRoot: known.hasRoot || isRoot,
    });
  }

  /** Newest first. */
  entries(): TraceEntry[] {
    return [...this.#entries.values()].toSorted((a, b) => (a.startNs > b.startNs ? -1 : 1));
  }
}
