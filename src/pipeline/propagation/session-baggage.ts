import { type Baggage, type Context, propagation } from "@opentelemetry/api";
import { activeScopeIn, scopeContext } from "../../agent/active-scope.ts";
import { Scope } from "../../agent/scope.ts";
import { isId, isTag, joinedTags, MAX_TAGS } from "../../agent/session/session-facts.ts";
import { BAGGAGE_CONVERSATION, BAGGAGE_TAGS, BAGGAGE_USER } from "../../telemetry/semconv.ts";
import type { SessionField } from "./session-fields.ts";

const NAMES: Readonly<Record<SessionField, string>> = {
  conversation: BAGGAGE_CONVERSATION,
  user: BAGGAGE_USER,
  tags: BAGGAGE_TAGS,
};
/** Characters of one member as it is sent. What is longer is left out whole: a part of an id would be another one's. */
const MAX_ENCODED = 2_048;

/**
 * The context to be sent: its baggage holds just those fields of the session at work that may leave. Members of ours that came in
 * from a caller do not go on by themselves, so that each service decides for its own.
 *
 * Inside the call of a model nothing is put in, whatever the host: that is where the model is, or a gateway to it.
 */
export function withSessionBaggage(context: Context, fields: readonly SessionField[]): Context {
  const given = propagation.getBaggage(context);
  const scope = activeScopeIn(context);
  const members = fields.length === 0 || scope?.modelCall !== undefined ? [] : membersOf(scope, fields);
  const hadOurs =
    given !== undefined && Object.values(NAMES).some((name) => given.getEntry(name) !== undefined);
  if (members.length === 0 && !hadOurs) return context;
  let baggage: Baggage = (given ?? propagation.createBaggage()).removeEntries(...Object.values(NAMES));
  for (const [name, value] of members) baggage = baggage.setEntry(name, { value });
  return propagation.setBaggage(context, baggage);
}

function membersOf(
  scope: Scope | undefined,
  fields: readonly SessionField[],
): readonly (readonly [string, string])[] {
  const values: Readonly<Record<SessionField, string | undefined>> = {
    conversation: scope?.conversation,
    user: scope?.session?.user,
    tags: scope?.session?.tags?.map(encoded).join(","),
  };
  return fields.flatMap((field) => {
    // A half of a pair of surrogates cannot be encoded.
    const value = values[field]?.toWellFormed();
    return value === undefined || encodeURIComponent(value).length > MAX_ENCODED
      ? []
      : [[NAMES[field], value] as const];
  });
}

/** The context in which the session of a caller that is trusted goes on, read from its baggage. */
export function withSessionOfBaggage(context: Context): Context {
  const baggage = propagation.getBaggage(context);
  if (baggage === undefined) return context;
  const read = (field: SessionField): string | undefined => baggage.getEntry(NAMES[field])?.value;
  const conversation = idOf(read("conversation"));
  const user = idOf(read("user"));
  const tags = tagsOf(read("tags"));
  if (conversation === undefined && user === undefined && tags === undefined) return context;
  const around = activeScopeIn(context);
  const scope = Scope.session(around, conversation ?? around?.conversation, { user, tags });
  return scopeContext(context, scope, undefined);
}

function idOf(value: string | undefined): string | undefined {
  return isId(value) ? value : undefined;
}

function tagsOf(value: string | undefined): readonly string[] | undefined {
  if (value === undefined || value.length > MAX_ENCODED) return undefined;
  return joinedTags(value.split(",", MAX_TAGS).map(decoded).filter(isTag));
}

function encoded(tag: string): string {
  return encodeURIComponent(tag.toWellFormed());
}

function decoded(tag: string): string {
  try {
    return decodeURIComponent(tag);
  } catch {
    // Not as we send it.
    return "";
  }
}
