import type { TokenUsage } from "../token-usage.ts";
import { count, type OnInvalid, property, usageFrom } from "./raw-usage.ts";

/**
 * Reads `usageMetadata` of Google's Gemini API and Vertex AI.
 *
 * `promptTokenCount` includes cached tokens, but not what tools added to the prompt; `candidatesTokenCount` leaves out the
 * thoughts, which are billed as output. A count of 0 is left out of an answer, as Google's JSON does.
 *
 * @returns `undefined` when there is no usable usage. Never throws.
 */
export function readGoogleUsage(usage: unknown, onInvalid?: OnInvalid): TokenUsage | undefined {
  const prompt = count("input", property(usage, "promptTokenCount"), onInvalid);
  const fromTools = count("input", property(usage, "toolUsePromptTokenCount"), onInvalid);
  const answered = property(usage, "candidatesTokenCount");
  const candidates = count("output", answered, onInvalid);
  const thoughts = count("reasoning", property(usage, "thoughtsTokenCount"), onInvalid);
  // Half a usage would be priced as if the other half were free.
  if (prompt === undefined || (candidates === undefined && answered !== undefined && answered !== null)) {
    return undefined;
  }
  return usageFrom(
    {
      input: prompt + (fromTools ?? 0),
      output: (candidates ?? 0) + (thoughts ?? 0),
      cacheRead: property(usage, "cachedContentTokenCount"),
      reasoning: thoughts,
      inputAudio: audioOf(property(usage, "promptTokensDetails")),
      outputAudio: audioOf(property(usage, "candidatesTokensDetails")),
    },
    onInvalid,
  );
}

/** Reads an answer of `embedContent`: Gemini says the usage of the request, Vertex AI that of each text. */
export function readGoogleEmbeddingUsage(answer: unknown, onInvalid?: OnInvalid): TokenUsage | undefined {
  const usage = readGoogleUsage(property(answer, "usageMetadata"), onInvalid);
  if (usage !== undefined) return usage;
  const embeddings = property(answer, "embeddings");
  if (!Array.isArray(embeddings)) return undefined;
  const counts = embeddings.map((embedding) => property(property(embedding, "statistics"), "tokenCount"));
  return usageFrom({ input: sum(counts), output: 0 }, onInvalid);
}

function audioOf(details: unknown): number | undefined {
  if (!Array.isArray(details)) return undefined;
  const audio = details.filter((part) => property(part, "modality") === "AUDIO");
  return sum(audio.map((part) => property(part, "tokenCount")));
}

/** @returns `undefined` for nothing, or where one of them is no number. */
function sum(counts: readonly unknown[]): number | undefined {
  if (counts.length === 0) return undefined;
  let total = 0;
  for (const each of counts) {
    if (typeof each !== "number") return undefined;
    total += each;
  }
  return total;
}
