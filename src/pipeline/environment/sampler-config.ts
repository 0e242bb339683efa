import { checkChoice, type Environment, readText } from "./variables.ts";

const ALWAYS = ["always_on", "always_off", "parentbased_always_on", "parentbased_always_off"] as const;
const RATIO = ["traceidratio", "parentbased_traceidratio"] as const;

/** `ratio` is the share of traces kept, 0 to 1. @default parentbased_always_on, ratio 1 where a ratio is needed */
export type SamplerConfig =
  | { readonly name: (typeof ALWAYS)[number] }
  | { readonly name: (typeof RATIO)[number]; readonly ratio: number };

/**
 * Reads OTEL_TRACES_SAMPLER and, for the two that take one, OTEL_TRACES_SAMPLER_ARG.
 *
 * @throws TypeError on an unknown sampler, RangeError on a ratio outside 0 to 1.
 */
export function readSampler(env: Environment): SamplerConfig {
  const name = checkChoice(
    "OTEL_TRACES_SAMPLER",
    readText(env, "OTEL_TRACES_SAMPLER") ?? "parentbased_always_on",
    [...ALWAYS, ...RATIO],
  );
  if (name !== "traceidratio" && name !== "parentbased_traceidratio") return { name };
  return { name, ratio: readRatio(env) };
}

function readRatio(env: Environment): number {
  const text = readText(env, "OTEL_TRACES_SAMPLER_ARG");
  const ratio = text === undefined ? 1 : Number(text);
  if (!(ratio >= 0 && ratio <= 1)) {
    throw new RangeError(`OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1, got ${JSON.stringify(text)}`);
  }
  return ratio;
}
