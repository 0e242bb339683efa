import { isIP } from "../late-builtins.ts";
import { isLoopbackAddress, isPublicAddress } from "./public-address.ts";

export interface OutboundPlace {
  readonly url: URL;
  /** Whether it is this very machine, over plain HTTP, as was allowed. */
  readonly isLocal: boolean;
}

/**
 * Checks where a program wants to send something. What it says of the URL is never the URL: tokens stand in it.
 *
 * @param owner Begins the message, as `webhookChannel: url`.
 * @param allowLocalHttp Whether plain HTTP may go to this machine, for tests and development.
 * @throws TypeError.
 */
export function outboundPlace(owner: string, text: unknown, allowLocalHttp = false): OutboundPlace {
  if (typeof text !== "string" && !(text instanceof URL))
    throw new TypeError(`${owner} must be a URL, got ${typeof text}`);
  const href = String(text);
  if (!URL.canParse(href)) throw new TypeError(`${owner} must be a URL; this is none`);
  const url = new URL(href);
  if (url.username !== "" || url.password !== "")
    throw new TypeError(`${owner} must have no user and no password in it`);
  // The parser has made one spelling of all that an address can be written as.
  const address = url.hostname.replace(/^\[(.*)\]$/, "$1");
  if (allowLocalHttp && url.protocol === "http:" && isLocalHost(address)) return { url, isLocal: true };
  if (url.protocol !== "https:")
    throw new TypeError(
      `${owner} must begin with https://${allowLocalHttp ? ", or go to this machine over http://" : ""}`,
    );
  if (isIP(address) !== 0 && !isPublicAddress(address))
    throw new TypeError(
      `${owner} must go to a public address, and not to one of this machine or its network`,
    );
  return { url, isLocal: false };
}

function isLocalHost(host: string): boolean {
  return host === "localhost" || isLoopbackAddress(host);
}
