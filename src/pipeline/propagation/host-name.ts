import { isIPv4, isIPv6 } from "node:net";

/** Where a request goes, or says that it goes. `host` is undefined where it is no host that could be listed. */
export interface Destination {
  /** As `canonicalHost` writes it. */
  readonly host: string | undefined;
  /** Undefined where it cannot be known. */
  readonly port: number | undefined;
}

/** What a URL parser would take as the end of a host, skip in silence, or decode: never part of a name that is looked up. */
const NEVER_IN_A_HOST = /[\s/\\?#@%]/;

const MAPPED_IPV4 = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/**
 * One spelling for one host: lower case, no trailing dot, IDN as punycode, IPv4 in four decimal parts however it was written (also
 * inside an IPv6 address), IPv6 in its short form and without brackets.
 *
 * @returns Undefined for what is no host, an IPv6 address with a zone among them.
 */
export function canonicalHost(name: string): string | undefined {
  const bare = /^\[(.*)\]$/.exec(name)?.[1] ?? name;
  if (name === "" || NEVER_IN_A_HOST.test(name) || (name.includes(":") && !isIPv6(bare))) return undefined;
  const text = isIPv6(bare) ? `http://[${bare}]` : `http://${name}`;
  return URL.canParse(text) ? hostnameOf(new URL(text)) : undefined;
}

/** Splits `host:port`, the form of a Host header and of an entry in a list. No port gives `defaultPort`. */
export function readAuthority(text: string, defaultPort: number | undefined): Destination {
  const match = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(text);
  if (match === null) return { host: undefined, port: undefined };
  const port = match[2] === undefined ? defaultPort : Number(match[2]);
  return { host: canonicalHost(match[1] ?? ""), port };
}

/** User and password are left out. */
export function destinationOfUrl(text: string): Destination {
  if (!URL.canParse(text)) return { host: undefined, port: undefined };
  const url = new URL(text);
  return { host: hostnameOf(url), port: url.port === "" ? defaultPort(url.protocol) : Number(url.port) };
}

export function defaultPort(protocol: string | undefined): number {
  return protocol === "https:" || protocol === "wss:" ? 443 : 80;
}

/** A request that goes through a proxy in plain text names its target in the path; any other names none there. */
export function absoluteTarget(path: unknown): readonly Destination[] {
  return typeof path === "string" && /^(?:http|ws)s?:/i.test(path) ? [destinationOfUrl(path)] : [];
}

/**
 * What a Host header or `:authority` adds. It repeats the host of the connection, at times without the port, except where the
 * caller wishes otherwise; only then it has a say.
 */
export function differingHosts(
  named: readonly Destination[],
  connections: readonly Destination[],
): readonly Destination[] {
  return named.filter(({ host }) => host === undefined || !connections.some((each) => each.host === host));
}

/** This machine by name or address, as far as that can be told without asking a name server. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (host.startsWith("127.") && isIPv4(host));
}

function hostnameOf(url: URL): string | undefined {
  const host = url.hostname.startsWith("[") ? ipv4Inside(url.hostname.slice(1, -1)) : url.hostname;
  const name = host.endsWith(".") ? host.slice(0, -1) : host;
  return name === "" ? undefined : name;
}

/** The same machine is reached, so it is the same host. */
function ipv4Inside(address: string): string {
  const match = MAPPED_IPV4.exec(address);
  if (match === null) return address;
  const [high, low] = [Number.parseInt(match[1]!, 16), Number.parseInt(match[2]!, 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}
