import { FAILURE_FIELD } from "../failure-mark.ts";
import { setField } from "./copy-value.ts";

export type Fields = readonly (readonly [string, unknown])[];

const NOTHING: Fields = [];
/** Commands in lists in commands: LangGraph itself knows one level. */
const MAX_DEPTH = 4;

/** Fields that a node has returned: of a whole state, of a part of one, or of the updates of LangGraph's commands. */
export function fieldsOf(result: unknown, depth = 0): Fields {
  if (typeof result !== "object" || result === null || depth > MAX_DEPTH) return NOTHING;
  if (Array.isArray(result)) {
    return result.flatMap((item) => (isPair(item) ? [item] : isCommand(item) ? fieldsOf(item, depth) : []));
  }
  if (isCommand(result)) return fieldsOf(result.update, depth + 1);
  return Object.entries(result);
}

/** The failure mark among them. */
export function markIn(fields: Fields): unknown {
  return fields.findLast(([field]) => field === FAILURE_FIELD)?.[1];
}

/** All but the failure mark, which is no field of the program's. */
export function withoutMark(fields: Fields): Fields {
  return fields.filter(([field]) => field !== FAILURE_FIELD);
}

/** Whether fields can be taken out of it: not of a command or a list. */
export function isFieldObject(result: unknown): result is object {
  return typeof result === "object" && result !== null && !Array.isArray(result) && !isCommand(result);
}

/** A copy of a result in which those fields are null. */
export function nulled(result: object, fields: Iterable<string>): object {
  const copy = shallow(result);
  for (const field of fields) setField(copy, field, null);
  return copy;
}

/** A copy of a result without those fields. */
export function without(result: object, fields: readonly string[]): object {
  const copy = shallow(result);
  for (const field of fields) Reflect.deleteProperty(copy, field);
  return copy;
}

export function shallow(source: object): object {
  const copy = Object.create(Object.getPrototypeOf(source)) as object;
  for (const key of Reflect.ownKeys(source)) {
    if (Object.prototype.propertyIsEnumerable.call(source, key)) {
      setField(copy, key, Reflect.get(source, key));
    }
  }
  return copy;
}

function isCommand(value: unknown): value is { readonly update?: unknown } {
  return typeof value === "object" && value !== null && Reflect.get(value, "lg_name") === "Command";
}

function isPair(item: unknown): item is readonly [string, unknown] {
  return Array.isArray(item) && item.length === 2 && typeof item[0] === "string";
}
