import { readdirSync, readFileSync } from "node:fs";
import { extname, join, sep } from "node:path";
import { gzipSync } from "node:zlib";
import { problemResponse } from "../problem.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

/** Everything from this server, nothing in a frame, and no script or style that stands in the page itself. */
const POLICY =
  "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

interface PageFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly zipped: Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Answers with the files of a folder, which are all read at once: a path of a request never becomes one of the disk.
 *
 * @throws what the system says where the folder is not there.
 */
export function pageFiles(folder: string): (request: Request) => Response {
  const files = new Map<string, PageFile>();
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const type = TYPES[extname(name)];
    if (type !== undefined) files.set(`/${name.split(sep).join("/")}`, load(join(folder, name), type));
  }
  return (request) => {
    const { pathname } = new URL(request.url);
    const file = files.get(pathname === "/" ? "/index.html" : pathname);
    if (file === undefined) return problemResponse(404, "there is no such page; the first one is at /");
    if (request.method !== "GET" && request.method !== "HEAD")
      return problemResponse(405, "pages are read with GET", { Allow: "GET, HEAD" });
    return respond(request, file);
  };
}

function load(path: string, type: string): PageFile {
  const body = new Uint8Array(readFileSync(path));
  // Names of assets carry a hash of what is in them.
  const lasting = /-[\w-]{8,}\.\w+$/.test(path);
  return {
    body,
    zipped: new Uint8Array(gzipSync(body)),
    headers: {
      "Content-Type": type,
      "Content-Security-Policy": POLICY,
      "Cache-Control": lasting ? "public, max-age=31536000, immutable" : "no-cache",
      "X-Content-Type-Options": "nosniff",
      "Referrer-Policy": "no-referrer",
      "Cross-Origin-Opener-Policy": "same-origin",
      "Cross-Origin-Resource-Policy": "same-origin",
      Vary: "Accept-Encoding",
    },
  };
}

function respond(request: Request, { body, zipped, headers }: PageFile): Response {
  const zip = /\bgzip\b/.test(request.headers.get("accept-encoding") ?? "");
  const sent = zip ? zipped : body;
  return new Response(request.method === "HEAD" ? null : sent, {
    headers: {
      ...headers,
      ...(zip && { "Content-Encoding": "gzip" }),
      "Content-Length": String(sent.length),
    },
  });
}
