import { type Environment, readFlag, readList } from "../environment/variables.ts";
import { type HostAllowList, hostAllowList } from "./host-allow-list.ts";
import type { SessionField } from "./session-fields.ts";

/** Whom the program trusts with trace context and baggage, and from whom it takes them. */
export interface PropagationOptions {
  /**
   * Hosts that get trace context and baggage: `api.example.com`, `.example.com` (all below), `10.0.0.7:8080`, `[fd00::7]`, `*`.
   * Wins over AGENT_OTEL_PROPAGATE_TO. This machine always gets them. @default []
   */
  readonly propagateTo?: readonly string[];
  /**
   * Whether incoming trace context becomes the parent of our spans, and incoming baggage is taken over; else a link is all that is
   * kept. A function is given what carries the headers. Wins over AGENT_OTEL_TRUST_INCOMING. @default false
   */
  readonly trustIncoming?: TrustIncoming;
  /**
   * What of a `session` goes along, as baggage, to the hosts of `propagateTo`; never to providers of models. The other side takes it
   * where it trusts this one. Wins over AGENT_OTEL_PROPAGATE_SESSION. @default []
   */
  readonly propagateSession?: readonly SessionField[];
}

export type TrustIncoming = boolean | ((carrier: unknown) => boolean);

/** @throws TypeError that names the option or AGENT_OTEL_PROPAGATE_TO, and the entry that is no host. */
export function readPropagateTo(env: Environment, options: PropagationOptions = {}): HostAllowList {
  const { propagateTo } = options;
  if (propagateTo === undefined) {
    return hostAllowList(readList(env, "AGENT_OTEL_PROPAGATE_TO") ?? [], "AGENT_OTEL_PROPAGATE_TO");
  }
  if (!Array.isArray(propagateTo)) {
    throw new TypeError(`start: propagateTo must be an array, got ${JSON.stringify(propagateTo)}`);
  }
  return hostAllowList(propagateTo, "start: propagateTo");
}

/** @throws TypeError on an option that is neither true, false nor a function. */
export function readTrustIncoming(env: Environment, options: PropagationOptions = {}): TrustIncoming {
  const { trustIncoming } = options;
  if (trustIncoming === undefined) return readFlag(env, "AGENT_OTEL_TRUST_INCOMING");
  if (typeof trustIncoming !== "boolean" && typeof trustIncoming !== "function") {
    throw new TypeError(
      `start: trustIncoming must be true, false or a function, got ${JSON.stringify(trustIncoming)}`,
    );
  }
  return trustIncoming;
}
