/** Whose session it is, besides its conversation. Never changed. */
export interface SessionFacts {
  readonly user: string | undefined;
  /** `undefined` where there are none. */
  readonly tags: readonly string[] | undefined;
}

/** Characters of an id. */
export const MAX_ID = 256;
/** Characters of a tag. */
export const MAX_TAG = 64;
export const MAX_TAGS = 16;

export function isId(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= MAX_ID;
}

export function isTag(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= MAX_TAG;
}

/** The outer tags and the inner ones, each once, the first 16; `undefined` for none. */
export function joinedTags(
  outer: readonly string[] = [],
  inner: readonly string[] = [],
): readonly string[] | undefined {
  const tags = [...new Set([...outer, ...inner])].slice(0, MAX_TAGS);
  return tags.length === 0 ? undefined : tags;
}
