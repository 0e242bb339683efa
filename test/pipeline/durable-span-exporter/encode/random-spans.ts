// Random spans of every kind that a program could make, and some that it should not.
import type { Attributes, HrTime, Link, SpanContext, SpanStatus } from "@opentelemetry/api";
import { TraceState } from "@opentelemetry/core";
import type { ReadableSpan, TimedEvent } from "@opentelemetry/sdk-trace";
import fc from "fast-check";

/** Both with what their types leave out, and the transformer writes. */
type Resource = ReadableSpan["resource"];
type Scope = ReadableSpan["instrumentationScope"] & {
  readonly attributes?: Attributes | undefined;
  readonly droppedAttributesCount?: number | undefined;
};

const codeUnits = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd800, max: 0xdfff })), {
    maxLength: 8,
  })
  .map((units) => String.fromCharCode(...units));
/** So long that lengths need two and three bytes, or just not. */
const long = fc
  .tuple(
    fc.constantFrom("a", "é", "語", "😀", "\ud800"),
    fc.integer({ min: 20, max: 20_000 }),
    fc.string({ maxLength: 3 }),
  )
  .map(([part, length, end]) => part.repeat(length) + end);
const nearLimits = fc.integer({ min: 20, max: 140 }).map((length) => "n".repeat(length));

export const text: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.string({ maxLength: 40 }) },
  { weight: 3, arbitrary: fc.string({ unit: "grapheme", maxLength: 12 }) },
  { weight: 3, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
  { weight: 3, arbitrary: codeUnits },
  { weight: 2, arbitrary: nearLimits },
  { weight: 2, arbitrary: fc.constantFrom("", "openai", "gpt-4o-mini", "café", "😀") },
  { weight: 1, arbitrary: long },
);

const number = fc.oneof(
  fc.integer(),
  fc.integer({ min: 0, max: 300 }),
  fc.double(),
  fc.maxSafeInteger(),
  fc.constantFrom(
    0,
    -0,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    2 ** 31,
    2 ** 32,
    2 ** 53,
  ),
  fc.constantFrom(
    2 ** 63,
    -(2 ** 63),
    2 ** 63 - 1024,
    -(2 ** 63) - 2048,
    1e300,
    5e-324,
    -(2 ** 31),
    -(2 ** 32),
  ),
);

/** Without a type in OTLP. */
const typeless = fc.constantFrom<unknown>(null, undefined, 7n, Symbol("s"), () => 1);

const key = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom("gen_ai.operation.name", "gen_ai.usage.input_tokens", "k", "ключ", ""),
  },
  { weight: 3, arbitrary: fc.string({ maxLength: 20 }) },
  { weight: 1, arbitrary: text },
);

const value: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthIdentifier: "value" },
    { weight: 6, arbitrary: text },
    { weight: 4, arbitrary: number },
    { weight: 2, arbitrary: fc.boolean() },
    { weight: 1, arbitrary: typeless },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
    { weight: 1, arbitrary: fc.array(text, { maxLength: 4 }) },
    { weight: 1, arbitrary: fc.array(fc.option(number), { maxLength: 40 }) },
    { weight: 1, arbitrary: fc.array(tie("value"), { maxLength: 4 }) },
    { weight: 1, arbitrary: fc.dictionary(key, tie("value"), { maxKeys: 4 }) },
  ),
})).value;

export const attributes = fc.dictionary(key, value, { maxKeys: 8 }) as fc.Arbitrary<Attributes>;

const id = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((each) => Buffer.from(each).toString("hex"));
const traceState = fc.option(
  fc.constantFrom("a=1", "vendor=x,other=y:z").map((list) => new TraceState(list)),
  { nil: undefined },
);

const spanContext = fc.record({
  traceId: id(16),
  spanId: id(8),
  traceFlags: fc.constantFrom(0, 1, 3, 255),
  traceState,
  isRemote: fc.constantFrom(true, false, undefined),
}) as fc.Arbitrary<SpanContext>;

const time: fc.Arbitrary<HrTime> = fc.tuple(
  fc.oneof(
    fc.integer({ min: 1_600_000_000, max: 2_000_000_000 }),
    fc.nat(),
    fc.constantFrom(0, 65_535, 65_536),
  ),
  fc.integer({ min: 0, max: 999_999_999 }),
);
const dropped = fc.oneof(fc.constant(0), fc.nat({ max: 300 }), fc.constant(2 ** 32 - 1));

const event = fc.record(
  { time, name: text, attributes, droppedAttributesCount: dropped },
  { requiredKeys: ["time", "name"] },
) as fc.Arbitrary<TimedEvent>;
const link = fc.record(
  { context: spanContext, attributes, droppedAttributesCount: dropped },
  { requiredKeys: ["context"] },
) as fc.Arbitrary<Link>;
const status = fc.record(
  { code: fc.constantFrom(0, 1, 2), message: text },
  { requiredKeys: ["code"] },
) as fc.Arbitrary<SpanStatus>;

const resource = fc.record({
  attributes,
  schemaUrl: fc.constantFrom(undefined, "", "https://opentelemetry.io/schemas/1.37.0"),
}) as unknown as fc.Arbitrary<Resource>;
const scope = fc.record(
  { name: text, version: text, schemaUrl: text, attributes, droppedAttributesCount: dropped },
  { requiredKeys: ["name"] },
) as fc.Arbitrary<Scope>;

const ofSpan = fc.record({
  name: text,
  kind: fc.integer({ min: 0, max: 4 }),
  context: spanContext,
  parentSpanContext: fc.option(spanContext, { nil: undefined }),
  startTime: time,
  endTime: time,
  status,
  attributes,
  links: fc.array(link, { maxLength: 2 }),
  events: fc.array(event, { maxLength: 2 }),
  droppedAttributesCount: dropped,
  droppedEventsCount: dropped,
  droppedLinksCount: dropped,
  resource: fc.nat(),
  scope: fc.nat(),
});

/** Spans of a few resources and scopes, mixed. */
export function randomSpans(limits: { readonly minLength: number; readonly maxLength: number }) {
  const pool = { minLength: 1, maxLength: 3 };
  return fc
    .tuple(fc.array(ofSpan, limits), fc.array(resource, pool), fc.array(scope, pool))
    .map(([spans, resources, scopes]) =>
      spans.map(
        ({ context, resource, scope, ...span }) =>
          ({
            ...span,
            spanContext: () => context,
            duration: [0, 0],
            ended: true,
            resource: resources[resource % resources.length],
            instrumentationScope: scopes[scope % scopes.length],
          }) as ReadableSpan,
      ),
    );
}
