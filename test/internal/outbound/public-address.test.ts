import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { expect, it } from "vitest";
import { isLoopbackAddress, isPublicAddress } from "../../../src/internal/outbound/public-address.ts";

// ipaddr.js has tables of its own of the same registries. What it has no name for: an address of Azure that looks public, and that of
// IPv6 nothing outside of 2000::/3 is given out.
const AZURE = "168.63.129.16";
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR("2000::/3");

function isPublicToLibrary(address: string): boolean {
  const parsed = ipaddr.parse(address);
  if (address === AZURE || parsed.range() !== "unicast") return false;
  return parsed.kind() === "ipv4" || parsed.match(GLOBAL_IPV6);
}

const byte = fc.integer({ min: 0, max: 255 });
/** First bytes of what is special, so that one address in a few is near its edge. */
const special = fc.constantFrom(
  ...[
    "0",
    "10",
    "100.64",
    "100.127",
    "127",
    "169.254",
    "172.15",
    "172.31",
    "172.32",
    "192.0.0",
    "192.0.2",
    "192.31.196",
  ],
  ...[
    "192.52.193",
    "192.88.99",
    "192.168",
    "192.175.48",
    "198.17",
    "198.18",
    "198.19",
    "198.51.100",
    "203.0.113",
    "224",
    "240",
  ],
);
const ipv4 = fc
  .tuple(fc.oneof(special, byte.map(String)), fc.array(byte, { minLength: 3, maxLength: 3 }))
  .map(([start, rest]) => [...start.split("."), ...rest].slice(0, 4).join("."));

const group = fc.integer({ min: 0, max: 0xffff }).map((n) => n.toString(16));
const specialGroups = fc.constantFrom(
  ...[
    "2001:0",
    "2001:1",
    "2001:2",
    "2001:3",
    "2001:4:112",
    "2001:10",
    "2001:20",
    "2001:30",
    "2001:1ff",
    "2001:200",
    "2001:db8",
  ],
  ...[
    "2002",
    "2620:4f:8000",
    "2620:4f:8001",
    "3fff:0",
    "3fff:fff",
    "3fff:1000",
    "3ffe",
    "2000",
    "4000",
    "1fff",
    "5f00",
  ],
  ...["0:0:0:0:0:ffff", "64:ff9b", "64:ff9b:1", "100", "fc00", "fdff", "fe80", "fec0", "ff02"],
);
const ipv6 = fc
  .tuple(fc.oneof(specialGroups, group), fc.array(group, { minLength: 8, maxLength: 8 }))
  .map(([start, rest]) => [...start.split(":"), ...rest].slice(0, 8).join(":"));

it("an address is public where ipaddr.js says so too, of 20,000", () => {
  fc.assert(
    fc.property(fc.oneof(ipv4, ipv6), (address) => {
      expect(isPublicAddress(address), address).toBe(isPublicToLibrary(address));
    }),
    { numRuns: 20_000 },
  );
});

it("an address is loopback where ipaddr.js says so too", () => {
  const shortened = fc.constantFrom(
    "::1",
    "0:0:0:0:0:0:0:1",
    "::0001",
    "::2",
    "::10:1",
    "1::1",
    "::ffff:127.0.0.1",
    "::",
  );
  fc.assert(
    fc.property(fc.oneof(ipv4, ipv6, shortened), (address) => {
      expect(isLoopbackAddress(address), address).toBe(ipaddr.parse(address).range() === "loopback");
    }),
    { numRuns: 5_000 },
  );
});
