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

/** @param client Has `baseURL`, as openai's and Anthropic's do. */
export function serverOf(client: unknown): Server {
  if (typeof client !== "object" || client === null) return NOWHERE;
  const baseURL = field(client, "baseURL");
  let server = known.get(client);
  if (server?.baseURL !== baseURL || server === undefined) {
    server = { baseURL, ...parse(baseURL) };
    known.set(client, server);
  }
  return server;
}

function parse(baseURL: unknown): Server {
  if (typeof baseURL !== "string" || !URL.canParse(baseURL)) return NOWHERE;
  const { hostname, port, protocol } = new URL(baseURL);
  return {
    host: hostname.toLowerCase(),
    port: port === "" ? (protocol === "http:" ? 80 : 443) : Number(port),
  };
}
