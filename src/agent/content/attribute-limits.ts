import type { Attributes, AttributeValue } from "@opentelemetry/api";
import { cutText } from "../../internal/redact.ts";
import { safely } from "../../internal/warn-once.ts";

/** Characters of one text. The SDK has no limit of its own unless OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT sets one. */
const MAX_TEXT = 4_096;
/** Texts of one list. */
const MAX_ITEMS = 128;
/** Attributes that a program gives one span. The SDK takes 128 and drops the rest: usage and cost come last, and need room. */
const MAX_GIVEN = 96;
/** A span's name is shown in lists and grouped by. */
const MAX_SPAN_NAME = 256;

/** Bounds values in place, where they are made: what a client, a provider or another instrumentation says has any length. */
export function boundValues(attributes: Attributes): Attributes {
  for (const key in attributes) {
    const value = attributes[key];
    if (typeof value === "string" ? value.length > MAX_TEXT : typeof value === "object")
      attributes[key] = boundValue(value as AttributeValue);
  }
  return attributes;
}

/** A bounded copy of what a program gives for its spans, and not more than 96 of it. */
export function boundGiven(given: Attributes | undefined): Attributes {
  const copy: Attributes = {};
  for (const key of Object.keys(given ?? {}).slice(0, MAX_GIVEN))
    safely("reading an attribute", () => {
      copy[cutText(key, MAX_SPAN_NAME)] = given?.[key];
    });
  return boundValues(copy);
}

/** A text is cut and marked; a list keeps its first items. */
export function boundValue(value: AttributeValue): AttributeValue {
  if (typeof value === "string") return cutText(value, MAX_TEXT);
  if (!Array.isArray(value)) return value;
  return value
    .slice(0, MAX_ITEMS)
    .map((item: unknown) => (typeof item === "string" ? cutText(item, MAX_TEXT) : item)) as AttributeValue;
}

export function boundSpanName(name: string): string {
  return cutText(name, MAX_SPAN_NAME);
}
