import { field, text } from "../fields.ts";

interface Known {
  /** What it was read from: the client sets it when it finds one in the environment, at its first call. */
  readonly endpoint: unknown;
  url?: string;
}

type Ask = () => Promise<unknown>;

/** Remembered with the client, gone with it. */
const known = new WeakMap<object, Known>();

/**
 * Where a client of AWS sends its requests. It keeps that in functions that answer later and remember what they said, so the
 * first call of a client goes without, and asks for those that follow.
 */
export function bedrockUrl(client: object): string | undefined {
  const config = field(client, "config");
  const endpoint = field(config, "endpoint");
  const asked = known.get(client);
  if (asked !== undefined && asked.endpoint === endpoint) return asked.url;
  const answer: Known = { endpoint };
  known.set(client, answer);
  const url = typeof endpoint === "function" ? custom(endpoint as Ask) : standard(config);
  url.then(
    (found) => {
      if (found !== undefined) answer.url = found;
    },
    // The client meets the same failure, and tells its caller.
    () => {},
  );
  return undefined;
}

async function custom(endpoint: Ask): Promise<string | undefined> {
  const found = await endpoint();
  const [protocol, host, port] = [text(found, "protocol"), text(found, "hostname"), field(found, "port")];
  if (protocol === undefined || host === undefined) return undefined;
  return `${protocol}//${host}${port === undefined ? "" : `:${String(port)}`}`;
}

async function standard(config: unknown): Promise<string | undefined> {
  const [region, fips, dualstack] = await Promise.all(
    ["region", "useFipsEndpoint", "useDualstackEndpoint"].map((name) => {
      const ask = field(config, name);
      return typeof ask === "function" ? (ask as Ask)() : ask;
    }),
  );
  if (typeof region !== "string" || fips === true || dualstack === true) return undefined;
  return `https://bedrock-runtime.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
}
