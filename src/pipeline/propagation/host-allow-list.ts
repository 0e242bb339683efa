import { isIP } from "node:net";
import { hideSecrets } from "../environment/otlp-endpoint.ts";
import { canonicalHost, type Destination, isLoopback, readAuthority } from "./host-name.ts";

/** Says where trace context and baggage may go. */
export interface HostAllowList {
  allows(destination: Destination): boolean;
  /** Whether an answer may depend on the port. */
  readonly asksForPort: boolean;
}

type Ports = "any" | Set<number>;

/**
 * A list of hosts. An entry is a host (`api.example.com`, `10.0.0.7`, `[fd00::7]`), everything below one (`.example.com` or
 * `*.example.com`: `a.b.example.com`, but neither `example.com` nor `evilexample.com`), either with a `:port`, or `*` for every
 * host. Without a port every port is meant.
 *
 * This machine (`localhost`, 127.0.0.0/8, `::1`) is always allowed: nothing leaves it. No other name is, short and private ones
 * included: what they resolve to depends on the network that the program runs in.
 *
 * @param option Named in errors.
 * @throws TypeError that names the option and the entry.
 */
export function hostAllowList(entries: readonly string[], option = "propagateTo"): HostAllowList {
  const list = new HostList();
  for (const entry of entries) list.add(entry, option);
  return list;
}

class HostList implements HostAllowList {
  readonly #exact = new Map<string, Ports>();
  readonly #below = new Map<string, Ports>();
  #all = false;
  #asksForPort = false;

  get asksForPort(): boolean {
    return this.#asksForPort;
  }

  add(entry: unknown, option: string): void {
    if (entry === "*") {
      this.#all = true;
      return;
    }
    const { host, port, suffix } = readEntry(entry) ?? refuse(entry, option);
    const known = suffix ? this.#below : this.#exact;
    if (port !== undefined) this.#asksForPort = true;
    known.set(host, withPort(known.get(host), port));
  }

  allows({ host, port }: Destination): boolean {
    if (this.#all) return true;
    if (host === undefined) return false;
    return isLoopback(host) || covers(this.#exact.get(host), port) || this.#isBelow(host, port);
  }

  #isBelow(host: string, port: number | undefined): boolean {
    if (this.#below.size === 0 || isIP(host) !== 0) return false;
    for (let dot = host.indexOf("."); dot > 0; dot = host.indexOf(".", dot + 1)) {
      if (covers(this.#below.get(host.slice(dot + 1)), port)) return true;
    }
    return false;
  }
}

interface Entry {
  readonly host: string;
  readonly port: number | undefined;
  /** Whether the hosts below it are meant, and not itself. */
  readonly suffix: boolean;
}

function readEntry(entry: unknown): Entry | undefined {
  if (typeof entry !== "string") return undefined;
  const [, mark, rest = ""] = /^(\*?\.)?(.*)$/s.exec(entry) ?? [];
  const suffix = mark !== undefined;
  const { host, port } = readAuthority(rest, undefined);
  if (host === undefined || host.includes("*") || host.split(".").includes("")) return undefined;
  // Nothing is below an address.
  if (suffix && canonicalHost(`a.${host}`) === undefined) return undefined;
  if (port !== undefined && (port < 1 || port > 65_535)) return undefined;
  return { host, port, suffix };
}

function refuse(entry: unknown, option: string): never {
  const shown = typeof entry === "string" ? hideSecrets(entry) : entry;
  throw new TypeError(
    `${option} must name hosts, as api.example.com, .example.com, 10.0.0.7:8080, [fd00::7] or *, got ${JSON.stringify(shown)}`,
  );
}

function withPort(ports: Ports | undefined, port: number | undefined): Ports {
  if (port === undefined || ports === "any") return "any";
  return new Set([...(ports ?? []), port]);
}

function covers(ports: Ports | undefined, port: number | undefined): boolean {
  return ports === "any" || (ports !== undefined && port !== undefined && ports.has(port));
}
