import { X509Certificate } from "node:crypto";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { createSecureContext } from "node:tls";
import type { SenderSettings } from "./options.ts";

// A connection that nobody used for so long may have been forgotten by something on the way. A receiver that announces
// less in its Keep-Alive header is heard.
const IDLE_MS = 60_000;

/**
 * Connections of our own: those of the program's default agent are for its requests.
 *
 * @throws TypeError where a certificate cannot be read.
 */
export function keepAliveAgent({ url, maxInFlight, certificates }: SenderSettings): HttpAgent {
  const options = { keepAlive: true, maxSockets: maxInFlight, maxFreeSockets: maxInFlight, timeout: IDLE_MS };
  if (url.protocol === "http:") return new HttpAgent(options);
  // Without certificates Node's own list is used, which is loaded when it is needed.
  const own = Object.keys(certificates).length > 0;
  return new HttpsAgent({ ...options, ...(own && { secureContext: secureContext(certificates) }) });
}

/** Closes the connections that no request is on. */
export function dropIdle(agent: HttpAgent): void {
  for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
}

/** Closes idle connections, and from now on each one as its request is over. */
export function stopKeeping(agent: HttpAgent): void {
  agent.maxFreeSockets = 0;
  dropIdle(agent);
}

function secureContext(certificates: SenderSettings["certificates"]) {
  try {
    // Without it a file that is no certificate would only make every connection fail.
    for (const pem of [certificates.ca, certificates.cert]) if (pem) new X509Certificate(pem);
    return createSecureContext(certificates);
  } catch (cause) {
    throw new TypeError("httpSender: ca, cert or key is no PEM that can be used", { cause });
  }
}
