import { guardHttp } from "./guard-http.ts";
import { guardHttp2 } from "./guard-http2.ts";
import { guardUndici } from "./guard-undici.ts";
import type { HostAllowList } from "./host-allow-list.ts";
import { type OutgoingOptions, OutgoingPolicy } from "./outgoing-policy.ts";

/**
 * Takes trace context and baggage off requests to hosts that are not listed, of fetch, undici, node:http, node:https and node:http2.
 * A propagator cannot: it never learns the host.
 *
 * The headers go whoever wrote them, the program's own code included: where they are taken off nobody can tell any more. Spans
 * are made as before, and everything else of a request stays as it is. A forwarding proxy that reads plain requests is a
 * host too, and must be listed like the target behind it; through a tunnel only the target counts.
 *
 * Start it before the program opens http2 sessions or keeps `http2.connect` in a variable of its own.
 *
 * @returns What takes the guard away again. Safe to call twice.
 */
export function guardOutgoing(allow: HostAllowList, options: OutgoingOptions = {}): () => void {
  const policy = new OutgoingPolicy(allow, options);
  const undo = [guardUndici(policy), guardHttp(policy), guardHttp2(policy)];
  return () => {
    for (const each of undo.splice(0)) each();
  };
}
