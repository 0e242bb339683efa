import type { Attribute, AttributeRef, Generation, Registry } from "./registry.ts";
import type { Value, Values } from "./telemetry.ts";

/** Looks at attributes with the eyes of the registry, for programs that export one generation of names. */
export class AttributeCheck {
  readonly #declared: ReadonlyMap<string, Attribute>;
  readonly #generation: Generation;

  constructor({ attributes }: Registry, generation: Generation) {
    this.#declared = new Map(attributes.map((attribute) => [attribute.key, attribute]));
    this.#generation = generation;
  }

  /** @returns What is wrong with them, where just these may be there. */
  problems(values: Values, refs: readonly AttributeRef[] = []): readonly string[] {
    const allowed = new Map(refs.filter((ref) => this.#isSent(ref)).map((ref) => [ref.ref, ref]));
    const missing = [...allowed.values()]
      .filter(({ ref, requirement_level }) => requirement_level === "required" && !(ref in values))
      .map(({ ref }) => `lacks ${ref}`);
    const wrong = Object.entries(values).flatMap(([key, value]) =>
      allowed.has(key) ? this.typeProblems(key, value) : [`must not have ${key}`],
    );
    return [...missing, ...wrong];
  }

  /** @returns What is wrong with the value of one attribute. */
  typeProblems(key: string, { type, value }: Value): readonly string[] {
    const declared = this.#declared.get(key);
    if (declared === undefined) return [`has ${key}, which nothing declares`];
    const wanted = typeof declared.type === "string" ? declared.type : "string";
    if (!fits(wanted, type)) return [`${key} is ${type}, not ${wanted}`];
    const { closed } = declared.annotations.agent_otel;
    if (typeof declared.type === "string" || closed !== true) return [];
    const known = declared.type.members.some((member) => member.value === value);
    return known ? [] : [`${key} must not be ${JSON.stringify(value)}`];
  }

  #isSent({ annotations }: AttributeRef): boolean {
    return annotations?.agent_otel.semconv?.includes(this.#generation) ?? true;
  }
}

function fits(wanted: string, found: Value["type"]): boolean {
  // A whole number is an int on the wire, whatever JavaScript meant by it; structured content is a JSON string on spans.
  if (wanted === "double") return found === "double" || found === "int";
  if (wanted === "any") return found === "string" || found === "any" || found === "string[]";
  return wanted === found;
}
