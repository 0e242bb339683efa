import { Refusal } from "../problem/refusal.ts";
import { shown } from "../problem/shown.ts";

/**
 * Refuses what a page of another site asks for. The scheme is not compared: behind a proxy that ends TLS it is another one here.
 *
 * @throws Refusal
 */
export function checkSameOrigin(request: Request): void {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") throw crossOrigin("Sec-Fetch-Site", site);
  const origin = request.headers.get("origin");
  if (origin === null) return;
  const from = URL.canParse(origin) ? new URL(origin) : undefined;
  // An address with more in it than an origin is none.
  const isOrigin = from !== undefined && /^https?:$/.test(from.protocol) && !/[?#@]|\/\/.*\//.test(origin);
  if (!isOrigin || from.host !== new URL(request.url).host) throw crossOrigin("Origin", origin);
}

function crossOrigin(header: string, value: string): Refusal {
  return new Refusal(
    "cross_origin",
    `${header} must be that of this server, or be left out, got ${shown(value)}`,
  );
}
