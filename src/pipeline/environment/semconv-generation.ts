import type { StartOptions } from "../sdk-options.ts";
import { SEMCONV_GENERATIONS, type SemconvGeneration } from "../semconv/generation.ts";
import { checkChoice, type Environment, readList, readText } from "./variables.ts";

const VARIABLE = "AGENT_OTEL_SEMCONV";
const OPT_IN = "OTEL_SEMCONV_STABILITY_OPT_IN";
/** Ours, made as `http/dup` and `database/dup` of the conventions are. */
const BOTH = "gen_ai/dup";

/**
 * Which names leave the process: option `semconv`, else AGENT_OTEL_SEMCONV, else the list that OpenTelemetry's instrumentations
 * share, where `gen_ai/dup` comes before `gen_ai_latest_experimental` and the words of other conventions are nothing to us.
 *
 * @throws TypeError that names option or variable, what it allows and the value it has.
 */
export function readSemconv(
  env: Environment,
  { semconv }: Pick<StartOptions, "semconv"> = {},
): SemconvGeneration {
  if (semconv !== undefined) return checkChoice("start: semconv", semconv, SEMCONV_GENERATIONS);
  const written = readText(env, VARIABLE);
  if (written !== undefined) return checkChoice(VARIABLE, written.toLowerCase(), SEMCONV_GENERATIONS);
  // `gen_ai_latest_experimental` asks for what is sent without it too: nobody had older names from us that we must keep.
  return readList(env, OPT_IN)?.includes(BOTH) ? "dup" : "latest";
}
