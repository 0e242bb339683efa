import { field } from "../../instrumentation/fields.ts";

/** Where gateways say in US dollars what an answer has cost, in the AI SDK's provider metadata. */
const COSTS: readonly (readonly string[])[] = [
  ["gateway", "cost"],
  ["openrouter", "usage", "cost"],
];

/** @returns US dollars; `undefined` where the provider names no price. */
export function billedCost(providerMetadata: unknown): number | undefined {
  for (const path of COSTS) {
    let value = providerMetadata;
    for (const name of path) value = field(value, name);
    // Vercel's gateway writes a decimal as text.
    if (typeof value === "string" && value.trim() !== "") value = Number(value);
    if (typeof value === "number" && Number.isFinite(value)) return value;
  }
  return undefined;
}
