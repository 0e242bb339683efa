import { type Environment, readList } from "../environment/variables.ts";
import type { PropagationOptions } from "./propagation-config.ts";

/** What of a session may leave the process. */
export type SessionField = "conversation" | "user" | "tags";

const FIELDS: readonly SessionField[] = ["conversation", "user", "tags"];
const VARIABLE = "AGENT_OTEL_PROPAGATE_SESSION";

/** @throws TypeError that names the option or AGENT_OTEL_PROPAGATE_SESSION, and what is no field of a session. */
export function readPropagateSession(
  env: Environment,
  { propagateSession }: PropagationOptions = {},
): readonly SessionField[] {
  if (propagateSession === undefined) return fieldsOf(VARIABLE, readList(env, VARIABLE) ?? []);
  if (!Array.isArray(propagateSession))
    throw new TypeError(`start: propagateSession must be an array, got ${JSON.stringify(propagateSession)}`);
  return fieldsOf("start: propagateSession", propagateSession);
}

function fieldsOf(option: string, given: readonly unknown[]): readonly SessionField[] {
  const unknown = given.find((each) => !FIELDS.includes(each as SessionField));
  if (unknown !== undefined)
    throw new TypeError(`${option} must name ${FIELDS.join(", ")}, got ${JSON.stringify(unknown)}`);
  return FIELDS.filter((field) => given.includes(field));
}
