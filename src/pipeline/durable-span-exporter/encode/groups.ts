import type { InstrumentationScope } from "@opentelemetry/core";
import type { Resource } from "@opentelemetry/resources";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";

export type ByScope = ReadonlyMap<InstrumentationScope, readonly ReadableSpan[]>;
export type ByResource = ReadonlyMap<Resource, ByScope>;

/** By the objects, not by what is in them. All in the order of the first span of each. */
export function grouped(spans: readonly ReadableSpan[]): ByResource {
  const byResource = new Map<Resource, Map<InstrumentationScope, ReadableSpan[]>>();
  for (const span of spans) {
    const byScope = gotten(byResource, span.resource, () => new Map<InstrumentationScope, ReadableSpan[]>());
    gotten(byScope, span.instrumentationScope, (): ReadableSpan[] => []).push(span);
  }
  return byResource;
}

function gotten<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const created = create();
  map.set(key, created);
  return created;
}
