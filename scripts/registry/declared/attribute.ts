/** Types of attributes as the conventions have them. `any`: structured, in log records. */
export type AttributeType = "string" | "int" | "double" | "boolean" | "string[]" | "any";

/** What the registry says of an attribute, beside its name. */
export interface AttributeDeclaration {
  readonly type: AttributeType;
  /** One line. Left out: the docstring of the name in semconv.ts. */
  readonly brief?: string;
  /** Well-known values. */
  readonly members?: readonly string[];
  /** Whether there can be no other value than these. */
  readonly closed?: boolean;
  readonly examples?: readonly (string | number | readonly string[])[];
}

type Example = string | number | readonly string[];

const typed =
  (type: AttributeType) =>
  (brief?: string, ...examples: readonly Example[]): AttributeDeclaration => ({
    type,
    ...(brief !== undefined && { brief }),
    ...(examples.length > 0 && { examples }),
  });

export const text = typed("string");
export const whole = typed("int");
export const real = typed("double");
export const flag = typed("boolean");
export const texts = typed("string[]");
/** A JSON string on spans, structured in log records. */
export const structured = typed("any");

/** One of these and nothing else. */
export function oneOf(brief: string | undefined, ...members: readonly string[]): AttributeDeclaration {
  return { ...text(brief), members, closed: true };
}

/** One of these, or what a program makes up. */
export function mostly(brief: string | undefined, ...members: readonly string[]): AttributeDeclaration {
  return { ...text(brief), members };
}
