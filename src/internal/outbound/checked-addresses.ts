import { InsideAddressError } from "../../errors/inside-address-error.ts";
import { isIP, lookup } from "../late-builtins.ts";
import type { OutboundPlace } from "./outbound-url.ts";
import { isLoopbackAddress, isPublicAddress } from "./public-address.ts";

/** All addresses of a host. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export const systemResolve: Resolve = async (host) =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

/**
 * Asks for the addresses of a place once, and checks each: whoever connects must take these, since a second answer may be another one.
 *
 * @throws InsideAddressError where one of them is inside; what the resolver throws.
 */
export async function checkedAddresses(
  { url, isLocal }: OutboundPlace,
  resolve: Resolve,
): Promise<readonly string[]> {
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const addresses = isIP(host) === 0 ? await resolve(host) : [host];
  const isAllowed = isLocal ? isLoopbackAddress : isPublicAddress;
  if (addresses.length === 0 || !addresses.every(isAllowed)) throw new InsideAddressError();
  return addresses;
}
