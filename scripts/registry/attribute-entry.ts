import type { AttributeDeclaration } from "./declared/attribute.ts";
import { type AttributeKey, wireName } from "./declared/names.ts";
import { standingOf } from "./standing.ts";

/**
 * An attribute in the conventions' own format.
 *
 * @throws Error where it has no brief, here or in semconv.ts.
 */
export function attributeEntry(
  key: AttributeKey,
  declared: AttributeDeclaration,
  docstrings: ReadonlyMap<string, string>,
): object {
  const name = wireName(key);
  const { origin, stability } = standingOf(name, key);
  const brief = declared.brief ?? docstrings.get(key);
  if (brief === undefined) throw new Error(`${key} needs a docstring in semconv.ts, or a brief`);
  return {
    key: name,
    type: typeOf(declared, stability),
    stability,
    brief,
    ...(declared.examples && { examples: [...declared.examples] }),
    annotations: { agent_otel: { origin, ...(declared.closed && { closed: true }) } },
  };
}

function typeOf({ type, members }: AttributeDeclaration, stability: string): string | object {
  if (members === undefined) return type;
  return { members: members.map((value) => ({ id: value.replaceAll(/[^a-z0-9]/g, "_"), value, stability })) };
}
