import type { Attributes } from "@opentelemetry/api";
import type { HistogramInstrument, Instrument } from "../../telemetry/call-metrics/instrument.ts";
import * as names from "../../telemetry/semconv.ts";
import type { SemconvGeneration } from "./generation.ts";

/** What a histogram is in v1.41, where several may become one. Units and buckets are the same in both. */
interface Older {
  readonly name: string;
  readonly description: string;
  /** That tell it from the others that become the same. */
  readonly attributes?: Attributes;
}

const TOKENS = { name: names.V141_METRIC_TOKEN_USAGE, description: "Tokens of one model call, by type." };

const OLDER: ReadonlyMap<string, Older> = new Map([
  [
    names.METRIC_INFERENCE_DURATION,
    {
      name: names.METRIC_OPERATION_DURATION,
      description: "Duration of model calls and other client operations.",
    },
  ],
  [
    names.METRIC_TIME_TO_FIRST_CHUNK,
    {
      name: names.V141_METRIC_TIME_TO_FIRST_CHUNK,
      description: "From the request to the first piece of a streamed answer.",
    },
  ],
  [
    names.METRIC_TIME_PER_OUTPUT_CHUNK,
    {
      name: names.V141_METRIC_TIME_PER_OUTPUT_CHUNK,
      description: "Between each two pieces of a streamed answer.",
    },
  ],
  [names.METRIC_INPUT_TOKENS, { ...TOKENS, attributes: { [names.V141_ATTR_TOKEN_TYPE]: "input" } }],
  [names.METRIC_OUTPUT_TOKENS, { ...TOKENS, attributes: { [names.V141_ATTR_TOKEN_TYPE]: "output" } }],
  [
    names.METRIC_INVOKE_WORKFLOW_DURATION,
    { name: names.V141_METRIC_WORKFLOW_DURATION, description: "Duration of workflow calls." },
  ],
]);

/** Counters whose numbers are the sums of a histogram of v1.41, so that nothing is lost with them. */
const SUMMED: ReadonlySet<string> = new Set([names.METRIC_USAGE_INPUT, names.METRIC_USAGE_OUTPUT]);

/** Newest names that `v1.41` does not send. */
export const REPLACED_METRICS: ReadonlySet<string> = new Set([...OLDER.keys(), ...SUMMED]);

/** Metrics as that generation names them. Made when metrics are collected, from what was counted exactly. */
export function renameMetrics(
  instruments: readonly Instrument[],
  generation: SemconvGeneration,
): readonly Instrument[] {
  if (generation === "latest") return instruments;
  const kept =
    generation === "dup" ? instruments : instruments.filter(({ name }) => !REPLACED_METRICS.has(name));
  const byName = new Map<string, Instrument>(kept.map((instrument) => [instrument.name, instrument]));
  for (const instrument of instruments) {
    const older = OLDER.get(instrument.name);
    if (older === undefined || instrument.kind !== "histogram") continue;
    byName.set(older.name, renamed(instrument, older, byName.get(older.name)));
  }
  return [...byName.values()];
}

/** @param there What has the older name already: the series of both are one metric's. */
function renamed(
  instrument: HistogramInstrument,
  { name, description, attributes }: Older,
  there: Instrument | undefined,
): HistogramInstrument {
  const before = there?.kind === "histogram" ? there.points : [];
  const added =
    attributes === undefined
      ? instrument.points
      : instrument.points.map((point) => ({ ...point, attributes: { ...point.attributes, ...attributes } }));
  return { ...instrument, name, description, points: [...before, ...added] };
}
