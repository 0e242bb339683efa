import type { BlockList } from "node:net";
import { isIP, newBlockList } from "../late-builtins.ts";

/** A net and the length of its prefix. */
type Net = readonly [address: string, prefix: number];

// IANA, "IPv4 Special-Purpose Address Registry" and "IPv4 Multicast Address Space Registry".
const SPECIAL_IPV4: readonly Net[] = [
  ["0.0.0.0", 8], // this network
  ["10.0.0.0", 8], // private
  ["100.64.0.0", 10], // shared by customers of a carrier, and metadata of some clouds
  ["127.0.0.0", 8], // loopback
  ["169.254.0.0", 16], // link-local, and metadata of most clouds
  ["172.16.0.0", 12], // private
  ["192.0.0.0", 24], // protocol assignments
  ["192.0.2.0", 24], // documentation
  ["192.31.196.0", 24], // AS112
  ["192.52.193.0", 24], // AMT
  ["192.88.99.0", 24], // 6to4 relay
  ["192.168.0.0", 16], // private
  ["192.175.48.0", 24], // AS112
  ["198.18.0.0", 15], // benchmarking
  ["198.51.100.0", 24], // documentation
  ["203.0.113.0", 24], // documentation
  ["224.0.0.0", 4], // multicast
  ["240.0.0.0", 4], // reserved, broadcast
  ["168.63.129.16", 32], // looks public, and answers inside a virtual machine of Azure alone, with what that machine may do
];
/** Of all IPv6 addresses these alone are given out to be reached from everywhere (IANA, "IPv6 Global Unicast Address Assignments"). */
const GLOBAL_IPV6: Net = ["2000::", 3];
// IANA, "IPv6 Special-Purpose Address Registry", of what is in that.
const SPECIAL_IPV6: readonly Net[] = [
  ["2001::", 23], // protocol assignments: Teredo, benchmarking, AMT, AS112, ORCHID, drone ids
  ["2001:db8::", 32], // documentation
  ["2002::", 16], // 6to4: an IPv4 address in disguise
  ["2620:4f:8000::", 48], // AS112
  ["3fff::", 20], // documentation
];

interface Nets {
  readonly special: BlockList;
  readonly global: BlockList;
}

/** Built at the first question: most programs ask none. */
let nets: Nets | undefined;

function built(): Nets {
  const [special, global] = [newBlockList(), newBlockList()];
  for (const [address, prefix] of SPECIAL_IPV4) special.addSubnet(address, prefix, "ipv4");
  for (const [address, prefix] of SPECIAL_IPV6) special.addSubnet(address, prefix, "ipv6");
  global.addSubnet(...GLOBAL_IPV6, "ipv6");
  return { special, global };
}

/**
 * Whether an address may be reached from everywhere: not this machine, not its network, no metadata service of a cloud, and none that is
 * another address in disguise (IPv4-mapped, 6to4, NAT64, Teredo).
 *
 * @param address As a resolver gives it. What is written otherwise, or has a zone, is not public.
 */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 0 || address.includes("%")) return false;
  nets ??= built();
  if (version === 4) return !nets.special.check(address, "ipv4");
  return nets.global.check(address, "ipv6") && !nets.special.check(address, "ipv6");
}

/** 127.0.0.0/8 and ::1. An IPv4 address in an IPv6 one is none. @param address As a resolver gives it. */
export function isLoopbackAddress(address: string): boolean {
  if (isIP(address) === 4) return address.startsWith("127.");
  return /^[0:]+:0*1$/.test(address) && isIP(address) === 6;
}
