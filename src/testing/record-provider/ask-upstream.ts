import { untraced } from "../../internal/untraced.ts";
import { ConnectionGone, type Wire } from "../scripted-provider/wire.ts";

/** A request as it came, with its key. */
export interface LiveRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

/** An answer that came whole. */
export interface LiveAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** `undefined` where it was larger than what is kept. */
  readonly bytes: Buffer | undefined;
}

/** Of one connection only, or changed by those who read and write the body. */
const OWN_HEADERS = new Set([
  "accept-encoding",
  "connection",
  "content-encoding",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * Asks the provider and hands on what comes, as it comes. A client that leaves changes nothing: the answer is read to its end, so that it
 * can be recorded.
 *
 * @throws what `fetch` throws when the provider cannot be reached or breaks off; TypeError when it sends elsewhere.
 */
export async function askUpstream(
  url: URL,
  request: LiveRequest,
  wire: Wire,
  maxBytes: number,
  signal: AbortSignal,
): Promise<LiveAnswer> {
  const { method, bytes } = request;
  const response = await untraced(() =>
    fetch(url, {
      method,
      headers: withoutOwn(Object.entries(request.headers)),
      // Another place might be given the key.
      redirect: "manual",
      signal,
      ...(bytes.length === 0 ? {} : { body: new Uint8Array(bytes) }),
    }),
  );
  if (response.status >= 300 && response.status < 400) {
    await response.body?.cancel();
    throw new TypeError(
      `it redirects to ${URL.parse(response.headers.get("location") ?? "", url.href)?.host}`,
    );
  }
  const client = new Client();
  await client.try(() => wire.head(response.status, withoutOwn(response.headers)));
  const kept: Uint8Array[] = [];
  let length = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length <= maxBytes) kept.push(part);
    await client.try(() => wire.write(part));
  }
  await client.try(() => wire.end());
  return {
    status: response.status,
    headers: response.headers,
    bytes: length > maxBytes ? undefined : Buffer.concat(kept),
  };
}

/** Who asked, for as long as there is somebody. */
class Client {
  #isThere = true;

  async try(give: () => void | Promise<void>): Promise<void> {
    if (!this.#isThere) return;
    try {
      await give();
    } catch (error) {
      if (!(error instanceof ConnectionGone)) throw error;
      this.#isThere = false;
    }
  }
}

function withoutOwn(headers: Iterable<[string, string]>): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => !OWN_HEADERS.has(name) && name !== "set-cookie"));
}
