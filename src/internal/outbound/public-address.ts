import ipaddr from "ipaddr.js";
import { isIP } from "../late-builtins.ts";

/** Of all IPv6 addresses these alone are given out to be reached from everywhere (IANA, "IPv6 Global Unicast Address Assignments"). */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR("2000::/3");
/** Looks public, and answers inside a virtual machine of Azure alone, with what that machine may do. */
const INSIDE = new Set(["168.63.129.16"]);

/**
 * Whether an address may be reached from everywhere: not this machine, not its network, no metadata service of a cloud, and none that is
 * another address in disguise (IPv4-mapped, 6to4, NAT64, Teredo).
 *
 * @param address As a resolver gives it. What is written otherwise, or has a zone, is not public.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0 || address.includes("%") || INSIDE.has(address)) return false;
  const parsed = ipaddr.parse(address);
  // "unicast" is what is in none of the special ranges.
  if (parsed.range() !== "unicast") return false;
  return parsed.kind() === "ipv4" || parsed.match(GLOBAL_IPV6);
}

/** @param address As a resolver gives it. */
export function isLoopbackAddress(address: string): boolean {
  return isIP(address) !== 0 && !address.includes("%") && ipaddr.parse(address).range() === "loopback";
}
