import * as names from "../../../src/telemetry/semconv.ts";
import type { AttributeDeclaration } from "./attribute.ts";

type Key = keyof typeof names;
type Starting<P extends string> = Extract<Key, `${P}${string}` | `V141_${P}${string}`>;

/** Names of constants in semconv.ts, so that a name that is gone from there cannot stay here. */
export type AttributeKey = Starting<"ATTR_">;
export type MetricKey = Starting<"METRIC_">;
export type EventKey = Starting<"EVENT_">;

export type DeclaredAttributes = Readonly<Partial<Record<AttributeKey, AttributeDeclaration>>>;

const CONSTANTS: Readonly<Record<string, unknown>> = names;

/** What a constant is called on the wire. */
export function wireName(key: AttributeKey | MetricKey | EventKey): string {
  return String(CONSTANTS[key]);
}

/** Constants of semconv.ts with that prefix, those of v1.41 included. */
export function keysStarting(prefix: "ATTR_" | "METRIC_" | "EVENT_"): readonly string[] {
  return Object.keys(CONSTANTS).filter((key) => key.startsWith(prefix) || key.startsWith(`V141_${prefix}`));
}
