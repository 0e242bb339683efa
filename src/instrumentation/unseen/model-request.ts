import { openAiProvider } from "../clients/openai-hosts.ts";

/** One HTTP request of this program, as far as it has to be known here. */
export interface OutgoingRequest {
  readonly method: string;
  /** `https://api.openai.com`, with the port where one is named. */
  readonly origin: string;
  /** With its query. */
  readonly path: string;
  /** Whether it has a header of that name, in lower case. */
  hasHeader(name: string): boolean;
}

/** What the clients of OpenAI and Anthropic ask for an answer with, whoever serves it. */
const OPEN_PATH = /\/(?:chat\/completions|responses|v1\/messages)$/;

/** What the others ask with: at their own hosts only, as the words are anybody's. */
const HOST_PATH =
  /(?::(?:streamG|g)enerateContent|\/v[12]\/chat|\/api\/(?:chat|generate)|\/model\/[^/]+\/(?:invoke|converse)(?:-with-response-stream|-stream)?)$/;

/** On every request of the clients that Stainless generates, OpenAI's and Anthropic's among them: no bundler renames it. */
const CLIENT_HEADER = "x-stainless-lang";

/**
 * The host that is asked for a model's answer by this request; `undefined` for every other request. What is none for sure goes
 * through two comparisons: a program makes many.
 */
export function modelHost(request: OutgoingRequest): string | undefined {
  if (request.method !== "POST") return undefined;
  const path = withoutQuery(request.path);
  const open = OPEN_PATH.test(path);
  if (!open && !HOST_PATH.test(path)) return undefined;
  if (!URL.canParse(request.origin)) return undefined;
  const { hostname, host, port } = new URL(request.origin);
  const known =
    hostname === "api.openai.com" ||
    openAiProvider(hostname, port === "" ? undefined : Number(port)) !== "openai";
  return known || (open && request.hasHeader(CLIENT_HEADER)) ? host : undefined;
}

function withoutQuery(path: string): string {
  const query = path.indexOf("?");
  return query === -1 ? path : path.slice(0, query);
}
