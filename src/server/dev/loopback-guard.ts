import { problemResponse } from "../problem.ts";

export interface LoopbackGuardOptions {
  /** The port that is listened on. */
  readonly port: number;
  /** More names under which it is reached, as `host.docker.internal`. */
  readonly allowHosts?: readonly string[];
  /** Whether pages of this very server may ask. Programs send no Origin. */
  readonly ownPages: boolean;
}

const NAMES = ["127.0.0.1", "localhost", "[::1]"];
const OWN_SITE: ReadonlySet<string> = new Set(["same-origin", "none"]);

/**
 * Keeps web pages out that are open in a browser on this machine: to listen on loopback alone does not, since any page may send requests there,
 * and a name of its own may lead there (DNS rebinding).
 *
 * @returns What to answer to a request that must not be looked at further; `undefined`: it may.
 */
export function loopbackGuard(options: LoopbackGuardOptions): (request: Request) => Response | undefined {
  const { port, allowHosts = [], ownPages } = options;
  const names = [...NAMES, ...allowHosts.map((name) => name.toLowerCase())];
  // Browsers and clients leave out the port that their scheme has by default.
  const hosts = new Set(names.flatMap((name) => (port === 80 ? [`${name}:80`, name] : [`${name}:${port}`])));
  const origins = new Set([...hosts].map((host) => `http://${host}`));
  return (request) => {
    const host = request.headers.get("host");
    if (host === null || !hosts.has(host.toLowerCase()))
      return problemResponse(421, `Host must be one of ${[...hosts].join(", ")}`);
    const origin = request.headers.get("origin");
    if (origin !== null && !(ownPages && origins.has(origin.toLowerCase())))
      return problemResponse(403, "requests of other origins are not answered");
    const site = request.headers.get("sec-fetch-site");
    if (site !== null && !(ownPages && OWN_SITE.has(site)))
      return problemResponse(
        403,
        "requests of other sites are not answered; type the address into the browser",
      );
    return undefined;
  };
}
