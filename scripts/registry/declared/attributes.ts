import type { AttributeDeclaration } from "./attribute.ts";
import { CALLS } from "./attributes-calls.ts";
import { CONVENTIONS, OLDER } from "./attributes-conventions.ts";
import { RESILIENCE } from "./attributes-resilience.ts";
import { WORK } from "./attributes-work.ts";
import type { AttributeKey, DeclaredAttributes } from "./names.ts";

/** By the file of the registry that they stand in. A new name goes where its subject is. */
export const ATTRIBUTE_FILES: Readonly<Record<string, DeclaredAttributes>> = {
  "attributes-conventions": CONVENTIONS,
  "attributes-calls": CALLS,
  "attributes-resilience": RESILIENCE,
  "attributes-work": WORK,
  "attributes-v1.41": OLDER,
};

export function declarationsOf(
  declared: DeclaredAttributes,
): readonly [AttributeKey, AttributeDeclaration][] {
  return Object.entries(declared) as [AttributeKey, AttributeDeclaration][];
}
