import type { Behaviour } from "./server.ts";

// The types of the clients differ from version to version; these are the parts that the cases use, and all have them.

/** What `create()` returns. */
export interface Asked<T> extends Promise<T> {
  withResponse(): Promise<{ data: T; response: Response; request_id?: string | null }>;
  asResponse(): Promise<Response>;
}

export interface ClientStream extends AsyncIterable<unknown> {
  readonly controller: AbortController;
  tee(): [ClientStream, ClientStream];
  toReadableStream(): ReadableStream<Uint8Array>;
}

/** What helpers such as `messages.stream()` return. */
export interface Runner extends AsyncIterable<unknown> {
  abort(): void;
}

export interface AskOptions {
  readonly signal?: AbortSignal;
  /** More of the request's body. */
  readonly body?: object;
}

/** What a case has to play with: one API of one client, and a server that behaves as the case needs it. */
export interface Scene {
  create(options?: AskOptions): Asked<object>;
  stream(options?: AskOptions): Asked<ClientStream>;
  parse(): Asked<object>;
  helper(): Runner;
  /** What the helper has put together when it is done. */
  final(runner: Runner): Promise<unknown>;
  /** Notes what the caller sees. */
  see(value: unknown): void;
  /** Notes that the caller holds this no longer, so that it can become garbage. */
  drop(value: object): void;
  /** The server has the request, and goes no further by itself. */
  readonly reached: Promise<void>;
  /** The client has the head of the response. */
  readonly responded: Promise<void>;
  /** Lets the server go on. */
  release(): void;
}

/** What the one span of a call says. */
export interface Expected {
  /** Input and output; left out where the provider has sent none by then. */
  readonly tokens?: readonly [number, number] | undefined;
  readonly finish?: string | undefined;
  /** `"either"` where the client's version decides whether we see a failure or somebody who went away. */
  readonly failed?: boolean | "either";
  /** The span may wait for the garbage collector, since nothing else tells that the caller has gone. */
  readonly late?: boolean;
  /** Whether the server sees the request cancelled; `"as without"` where that depends on the client's version. */
  readonly cancelled?: boolean | "as without";
}

/** What a provider says of one answer, and how much of it in the first events of a stream. */
export interface Facts {
  readonly tokens: readonly [number, number];
  readonly earlyTokens: readonly [number, number] | undefined;
  /** Known when the item came that the caller takes for the last. */
  readonly lastTokens: readonly [number, number] | undefined;
  readonly finish: string | undefined;
}

/** One way of reading or leaving an answer. */
export interface Way {
  readonly name: string;
  readonly server: Behaviour;
  play(scene: Scene): Promise<void>;
  expected(facts: Facts): Expected;
}
