/**
 * The tokens of one model call, in one shape whatever the provider's own.
 *
 * All counts are whole and billed tokens. Parts are subsets of their whole, never added to it:
 * `cacheRead`, `cacheWrite5m`, `cacheWrite1h` and `inputAudio` of `input`; `reasoning` and `outputAudio` of `output`.
 * A part that the provider did not name is left out, which is not the same as 0.
 */
export interface TokenUsage {
  /** Input tokens, cached ones included (GenAI conventions: `gen_ai.usage.input_tokens`). */
  readonly input: number;
  /** Output tokens, reasoning included (`gen_ai.usage.output_tokens`). */
  readonly output: number;
  readonly cacheRead?: number;
  /** Written to a cache that lives five minutes, or whose life the provider did not name. */
  readonly cacheWrite5m?: number;
  /** Written to a cache that lives one hour, which Anthropic bills higher. */
  readonly cacheWrite1h?: number;
  readonly reasoning?: number;
  readonly inputAudio?: number;
  readonly outputAudio?: number;
}
