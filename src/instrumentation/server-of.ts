import { field } from "./fields.ts";

/** Where a client sends its requests. */
export interface Server {
  readonly host: string | undefined;
  readonly port: number | undefined;
}

interface Known extends Server {
  readonly baseURL: unknown;
}

const NOWHERE: Server = { host: undefined, port: undefined };

/** Parsing a URL costs a microsecond, and a client keeps its base URL: remembered with the client, gone with it. */
const known = new WeakMap<object, Known>();

/** @param baseURL A string or URL. By default the client's own, which openai's and Anthropic's have. */
export function serverOf(client: unknown, baseURL: unknown = field(client, "baseURL")): Server {
  if (typeof client !== "object" || client === null) return NOWHERE;
  let server = known.get(client);
  if (server?.baseURL !== baseURL || server === undefined) {
    server = { baseURL, ...parse(baseURL) };
    known.set(client, server);
  }
  return server;
}

function parse(baseURL: unknown): Server {
  const url = baseURL instanceof URL ? baseURL.href : baseURL;
  if (typeof url !== "string" || !URL.canParse(url)) return NOWHERE;
  const { hostname, port, protocol } = new URL(url);
  return {
    host: hostname.toLowerCase(),
    port: port === "" ? (protocol === "http:" ? 80 : 443) : Number(port),
  };
}
