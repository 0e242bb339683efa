// What the adapter needs of the protocol and of its SDK, in shapes of our own: of `@modelcontextprotocol/sdk` 1.x as of `client` and `server` 2.x.

export type RequestId = string | number;

/** A JSON-RPC message: a request has a method and an id, a notification a method alone, an answer an id and a result or an error. */
export interface Message {
  readonly id?: RequestId;
  readonly method?: string;
  readonly params?: Params;
  readonly result?: { readonly isError?: unknown; readonly protocolVersion?: unknown };
  readonly error?: { readonly code?: unknown; readonly message?: unknown };
}

export interface Params {
  readonly name?: unknown;
  readonly uri?: unknown;
  readonly arguments?: unknown;
  readonly requestId?: unknown;
  readonly _meta?: Readonly<Record<string, unknown>>;
}

export interface Transport {
  send(message: Message, ...rest: readonly unknown[]): Promise<void>;
  onmessage?: ((message: Message, ...rest: readonly unknown[]) => void) | undefined;
  onclose?: (() => void) | undefined;
  sessionId?: string | undefined;
}

/** `Client`, `Server` and `McpServer` of the SDK. */
export interface McpPeer {
  connect(transport: never, ...rest: never[]): Promise<unknown>;
}

export interface Request extends Message {
  readonly id: RequestId;
  readonly method: string;
}

export function isRequest(message: Message): message is Request {
  return typeof message.method === "string" && message.id !== undefined;
}

export function isAnswer(message: Message): message is Message & { readonly id: RequestId } {
  return message.id !== undefined && (message.result !== undefined || message.error !== undefined);
}

/** The request that a notification takes back. */
export function cancelledBy({ method, params }: Message): RequestId | undefined {
  const id = method === "notifications/cancelled" ? params?.requestId : undefined;
  return typeof id === "string" || typeof id === "number" ? id : undefined;
}
