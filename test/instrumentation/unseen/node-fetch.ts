import { request } from "node:http";
import { Readable } from "node:stream";

/** What older clients are given in place of fetch: node:http, in fetch's shape. As much of it as a test needs. */
export const nodeFetch: typeof fetch = (input, init) =>
  new Promise((resolve, reject) => {
    const headers = Object.fromEntries(new Headers(init?.headers));
    const sent = request(String(input), { method: init?.method ?? "GET", headers }, (answer) => {
      const body = Readable.toWeb(answer) as ReadableStream;
      resolve(
        new Response(body, {
          status: answer.statusCode ?? 0,
          headers: { "content-type": "application/json" },
        }),
      );
    });
    sent.on("error", reject);
    sent.end(init?.body as string);
  });
