// What it costs to turn finished spans into the bytes of a request: our encoder against OpenTelemetry's transformer.
import { runChild } from "./child.ts";
import { report } from "./claims.ts";
import { median } from "./harness.ts";
import type { SpanEncodeResult } from "./span-encode-child.ts";

const PROCESSES = 5;
const MOST_OF_TRANSFORMER = 0.35;

const results: SpanEncodeResult[] = [];
for (let i = 0; i < PROCESSES; i++)
  results.push((await runChild("span-encode-child.ts")) as SpanEncodeResult);
const middle = (of: (result: SpanEncodeResult) => number) => median(results.map(of));

report("span-encode: CPU time to encode an agent span with 12 attributes, 512 a request", [
  {
    claim: "encodeSpans against ProtobufTraceSerializer",
    bound: MOST_OF_TRANSFORMER,
    measured: middle((result) => result.ratio),
    unit: "×",
    note: `the same ${Math.round(middle(({ spanBytes }) => spanBytes))} bytes a span`,
  },
  { claim: "encodeSpans, a span", measured: middle(({ oursNs }) => oursNs), unit: "ns" },
  {
    claim: "ProtobufTraceSerializer, a span",
    measured: middle(({ transformerNs }) => transformerNs),
    unit: "ns",
  },
]);
