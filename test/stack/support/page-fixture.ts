import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { type Answers, pageAnswers } from "./page-fixture-data.ts";

const POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};
export const TOKEN = "a-token-of-the-fixture";

/** A server of the page whose data are made up, and whose behaviour a test decides. */
export interface PageFixture {
  readonly url: string;
  /** What was posted: path and body. */
  readonly posts: readonly { readonly path: string; readonly body: unknown }[];
  /** Answers a path below `/api/agents/` with a problem from now on; without a status: as before. */
  refuse(path: string, status?: number, more?: Readonly<Record<string, unknown>>): void;
  /** Tells the page that something has changed. */
  change(): void;
  /** Data of nobody, or all of them again. */
  setEmpty(empty: boolean): void;
  close(): Promise<void>;
}

/** @param folder The built page. */
export async function pageFixture(port: number, folder: string, nowMs: number): Promise<PageFixture> {
  const full = pageAnswers(nowMs, false);
  const none = pageAnswers(nowMs, true);
  let answers: Answers = full;
  const refused = new Map<string, object>();
  const posts: { path: string; body: unknown }[] = [];
  const followers = new Set<ServerResponse>();

  const json = (response: ServerResponse, status: number, body: unknown) => {
    response.writeHead(status, {
      "Content-Type": status < 400 ? "application/json" : "application/problem+json",
    });
    response.end(JSON.stringify(body));
  };
  const problem = (response: ServerResponse, status: number, detail: string, more: object = {}) =>
    json(response, status, { type: "about:blank", title: `Problem ${status}`, status, detail, ...more });

  const post = async (request: IncomingMessage, response: ServerResponse, path: string) => {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return problem(response, 401, "send a token");
    const body: unknown = JSON.parse(text);
    posts.push({ path, body });
    const id = decodeURIComponent(path.split("/")[2] ?? "");
    if (path.endsWith("/reset")) return json(response, 200, { name: path.split("/")[1], state: "closed" });
    if (path.endsWith("/replay")) return json(response, 200, { id, outcome: "requested", error: null });
    return json(response, 200, { id, resolved: true });
  };

  const api = (request: IncomingMessage, response: ServerResponse, url: URL) => {
    const path = url.pathname.slice("/api/agents/".length);
    const refusal = refused.get(decodeURIComponent(path));
    if (refusal !== undefined && "status" in refusal) return json(response, Number(refusal.status), refusal);
    if (request.method === "POST") return post(request, response, path);
    if (path === "live") {
      response.writeHead(200, { "Content-Type": "text/event-stream" }).write("retry: 500\n\n");
      followers.add(response);
      response.once("close", () => followers.delete(response));
      return undefined;
    }
    const answer = answers.get(decodeURIComponent(path));
    if (answer === undefined) return problem(response, 404, `there is no ${path}`);
    return json(response, 200, answer(url.searchParams));
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    if (url.pathname.startsWith("/api/agents/")) {
      void api(request, response, url);
      return;
    }
    try {
      const file = normalize(join(folder, url.pathname === "/" ? "index.html" : url.pathname));
      if (!file.startsWith(folder)) throw new RangeError(`${file} is not in ${folder}`);
      const body = readFileSync(file);
      const type = TYPES[extname(file)] ?? "application/octet-stream";
      response.writeHead(200, {
        "Content-Type": type,
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
      });
      response.end(body);
    } catch {
      problem(response, 404, "there is no such page");
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${port}/`,
    posts,
    refuse(path, status, more = {}) {
      if (status === undefined) refused.delete(path);
      else
        refused.set(path, {
          type: "about:blank",
          title: `Problem ${status}`,
          status,
          detail: "for a test",
          ...more,
        });
    },
    change() {
      for (const follower of followers) follower.write("event: change\ndata: {}\n\n");
    },
    setEmpty(empty) {
      answers = empty ? none : full;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
