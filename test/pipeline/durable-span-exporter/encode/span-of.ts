import type { Attributes } from "@opentelemetry/api";
import { emptyResource } from "@opentelemetry/resources";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";

const RESOURCE = emptyResource();
const SCOPE = { name: "test" };

/** A plain span, with what is given in its place: of any type, as JavaScript lets it be. */
export function spanOf(parts: Readonly<Partial<Record<keyof ReadableSpan, unknown>>> = {}): ReadableSpan {
  return {
    name: "span",
    kind: 0,
    spanContext: () => ({
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
      traceFlags: 1,
    }),
    startTime: [1_700_000_000, 1],
    endTime: [1_700_000_001, 2],
    duration: [1, 1],
    ended: true,
    status: { code: 0 },
    attributes: {},
    links: [],
    events: [],
    resource: RESOURCE,
    instrumentationScope: SCOPE,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    ...parts,
  } as ReadableSpan;
}

/** With these attributes, of any type. */
export function spanWith(attributes: Readonly<Record<string, unknown>>): ReadableSpan {
  return spanOf({ attributes: attributes as Attributes });
}
