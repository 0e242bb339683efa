import { type AttributeKey, wireName } from "./declared/names.ts";

export interface AttributeLevels {
  readonly required: readonly AttributeKey[];
  readonly recommended?: readonly AttributeKey[];
  readonly optIn?: readonly AttributeKey[];
}

/** Newest attributes that v1.41 has another name for. */
const OLDER: Partial<Record<AttributeKey, AttributeKey>> = {
  ATTR_USAGE_CACHE_WRITE: "V141_ATTR_USAGE_CACHE_CREATION",
};
const NEWEST_ONLY = { annotations: { agent_otel: { semconv: ["latest", "dup"] } } };
const OLDER_ONLY = { annotations: { agent_otel: { semconv: ["v1.41", "dup"] } } };

/** References to attributes, with the name that each has in v1.41 beside it. */
export function attributeRefs({ required, recommended = [], optIn = [] }: AttributeLevels): object[] {
  const level = (keys: readonly AttributeKey[], requirement_level: string) =>
    keys.flatMap((key) => {
      const older = OLDER[key];
      const entry = { ref: wireName(key), requirement_level };
      if (older === undefined) return [entry];
      return [
        { ...entry, ...NEWEST_ONLY },
        { ref: wireName(older), requirement_level, ...OLDER_ONLY },
      ];
    });
  return [...level(required, "required"), ...level(recommended, "recommended"), ...level(optIn, "opt_in")];
}
