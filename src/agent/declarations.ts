import type { Attributes } from "@opentelemetry/api";
import { checkWhole } from "../internal/check-number.ts";
import { ATTR_AGENT_MAX_ITERATIONS, ATTR_AGENT_TIMEOUT, ATTR_AGENT_VERIFIES } from "../telemetry/semconv.ts";
import type { AgentOptions } from "./agent.ts";

/** Stands for whichever agent ran right before the one that verifies. */
export const VERIFIES_ANY = "*";
/** Names are written in programs; more than this were made by one. */
const MAX_VERIFIED = 1_000;

/** Which agents check the work of an agent, by its name. Filled where agents are declared, read where their work begins. */
const verifiers = new Map<string, readonly string[]>();

/** @returns Names of the agents of this process that were declared to check the work of `agent`. */
export function verifiersOf(agent: string): readonly string[] | undefined {
  return verifiers.size === 0 ? undefined : verifiers.get(agent);
}

/** What is declared of an agent, as attributes of its spans. @throws TypeError or RangeError that names the option. */
export function declarations(
  name: string,
  { verifies, maxIterations, timeoutMs }: Pick<AgentOptions, "verifies" | "maxIterations" | "timeoutMs">,
): Attributes {
  const owner = `agent "${name}"`;
  const attributes: Attributes = {};
  if (verifies !== undefined) {
    const checked = verifies === true ? [VERIFIES_ANY] : namesOf(`${owner}: verifies`, verifies);
    attributes[ATTR_AGENT_VERIFIES] = checked;
    for (const producer of checked) addVerifier(producer, name);
  }
  if (maxIterations !== undefined)
    attributes[ATTR_AGENT_MAX_ITERATIONS] = checkWhole(`${owner}: maxIterations`, maxIterations, 1);
  if (timeoutMs !== undefined)
    attributes[ATTR_AGENT_TIMEOUT] = checkWhole(`${owner}: timeoutMs`, timeoutMs, 1) / 1_000;
  return attributes;
}

/** @returns A copy. @throws TypeError that names the option unless it is a list of names. */
export function namesOf(option: string, list: readonly string[]): string[] {
  if (!Array.isArray(list) || !list.every((name) => typeof name === "string" && name !== ""))
    throw new TypeError(`${option} must be a list of names, got ${typeof list}`);
  return [...(list as readonly string[])];
}

function addVerifier(producer: string, verifier: string): void {
  if (producer === VERIFIES_ANY) return;
  const known = verifiers.get(producer) ?? [];
  if (known.includes(verifier) || (known.length === 0 && verifiers.size >= MAX_VERIFIED)) return;
  verifiers.set(producer, [...known, verifier]);
}
