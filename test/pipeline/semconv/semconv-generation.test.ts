import { describe, expect, it } from "vitest";
import { readSemconv } from "../../../src/pipeline/environment/semconv-generation.ts";
import { SEMCONV_GENERATIONS, type SemconvGeneration } from "../../../src/pipeline/semconv/generation.ts";

describe("the generation of names", () => {
  it("is the newest unless something is said", () => {
    expect(readSemconv({})).toBe("latest");
    expect(readSemconv({ AGENT_OTEL_SEMCONV: " ", OTEL_SEMCONV_STABILITY_OPT_IN: "," })).toBe("latest");
  });

  it.each(SEMCONV_GENERATIONS)("is read from option and variable: %s", (semconv) => {
    expect(readSemconv({}, { semconv })).toBe(semconv);
    expect(readSemconv({ AGENT_OTEL_SEMCONV: semconv.toUpperCase() })).toBe(semconv);
  });

  it.each<readonly [string, SemconvGeneration]>([
    ["gen_ai_latest_experimental", "latest"],
    ["gen_ai/dup", "dup"],
    ["http/dup, gen_ai/dup", "dup"],
    ["gen_ai_latest_experimental,gen_ai/dup", "dup"],
    ["http/dup,database", "latest"],
  ])("is read from the list that instrumentations share: %s", (list, generation) => {
    expect(readSemconv({ OTEL_SEMCONV_STABILITY_OPT_IN: list })).toBe(generation);
  });

  it("is what the option says before our variable, and our variable before the shared list", () => {
    const env = { AGENT_OTEL_SEMCONV: "v1.41", OTEL_SEMCONV_STABILITY_OPT_IN: "gen_ai/dup" };
    expect(readSemconv(env)).toBe("v1.41");
    expect(readSemconv(env, { semconv: "latest" })).toBe("latest");
  });

  it.each(["1.41", "v1.36", "both"])("is refused: %s", (value) => {
    const message = `AGENT_OTEL_SEMCONV must be one of latest, v1.41, dup, got ${JSON.stringify(value)}`;
    expect(() => readSemconv({ AGENT_OTEL_SEMCONV: value })).toThrow(new TypeError(message));
    expect(() => readSemconv({}, { semconv: value as SemconvGeneration })).toThrow(
      new TypeError(`start: semconv must be one of latest, v1.41, dup, got ${JSON.stringify(value)}`),
    );
  });
});
