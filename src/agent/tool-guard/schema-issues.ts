import { cutText } from "../../internal/redact.ts";

/** As Standard Schema has it; `expected` is given by zod, valibot and arktype besides. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  readonly expected?: unknown;
}

/** A model mends a few at a time, and reads what it mends. */
const MAX_PROBLEMS = 8;
const MAX_PROBLEM = 200;
const MAX_SEGMENTS = 8;
const MAX_SEGMENT = 64;
const SHORTEST_VALUE = 4;
const CONTROL = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Each as `path: what was expected`. Values that were given are not in it, whatever the library says of them. */
export function describeIssues(
  issues: readonly SchemaIssue[],
  given: Readonly<Record<string, unknown>>,
): readonly string[] {
  const problems = issues.slice(0, MAX_PROBLEMS).map((issue) => {
    const keys = keysOf(issue);
    const text = `${pathText(keys)}: ${withoutValue(expectation(issue), valueAt(given, keys))}`;
    return cutText(text.replaceAll(CONTROL, "\uFFFD"), MAX_PROBLEM);
  });
  const more = issues.length - problems.length;
  return more > 0 ? [...problems, `${more} more`] : problems;
}

function expectation({ expected, message }: SchemaIssue): string {
  if (typeof expected === "string" && expected !== "") return `expected ${expected}`;
  return typeof message === "string" ? message : "does not fit";
}

function keysOf({ path = [] }: SchemaIssue): readonly PropertyKey[] {
  return path.map((segment) => (typeof segment === "object" ? segment.key : segment));
}

/** `limit[0].name`, or `arguments` for all of them. */
function pathText(keys: readonly PropertyKey[]): string {
  if (keys.length === 0) return "arguments";
  const parts = keys.slice(0, MAX_SEGMENTS).map((key, index) => {
    const text = cutText(String(key), MAX_SEGMENT);
    if (typeof key === "number") return `[${key}]`;
    return index === 0 ? text : `.${text}`;
  });
  return parts.join("") + (keys.length > MAX_SEGMENTS ? "…" : "");
}

function valueAt(given: unknown, keys: readonly PropertyKey[]): unknown {
  let value = given;
  for (const key of keys) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

/** Some libraries quote what they got. What is short says nothing, and stands in other words too. */
function withoutValue(message: string, value: unknown): string {
  if (typeof value !== "string" && typeof value !== "number") return message;
  const text = String(value);
  return text.length < SHORTEST_VALUE ? message : message.replaceAll(text, "…");
}
