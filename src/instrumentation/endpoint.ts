import type { Attributes } from "@opentelemetry/api";
import type { ModelCall, ModelRequest } from "../agent/model-call.ts";
import type { ContentReader } from "./content-reader.ts";

/** What a request says before it is sent. */
export interface RequestFacts {
  readonly model: string | undefined;
  readonly stream: boolean;
  /** `gen_ai.request.*`; no content. */
  readonly attributes: Attributes;
}

/** Reads one streamed answer, item by item. Made anew for each answer, so it may keep what it saw. */
export interface StreamReader {
  /** @returns `hide` for an item that the caller did not ask for and must not see. */
  item(call: ModelCall, item: unknown): "keep" | "hide";
  /** The stream is over, however it ended. */
  end?(call: ModelCall): void;
}

/** One method of a client that asks a model: how to read what goes in and what comes out. Nothing in here may throw on odd data. */
export interface Endpoint {
  readonly operation: NonNullable<ModelRequest["operation"]>;
  /** @param body The first argument of the method. */
  request(body: unknown): RequestFacts;
  /** The body to send instead, where an answer without usage would come back otherwise. */
  prepare?(body: unknown): { readonly body: unknown; readonly changed: boolean };
  answer(call: ModelCall, answer: unknown): void;
  /** @param changed What `prepare` said. */
  streamReader(changed: boolean): StreamReader;
  /** The property of the answer that holds its stream, where the answer is not the stream itself. */
  readonly streamField?: string;
  /** Reads the text of the call, for users who ask for it. Left out: it is not known. */
  readonly content?: ContentReader;
}

/** A method of a client that is an endpoint. */
export interface PatchTarget {
  readonly prototype: object;
  readonly method: string;
  /** A function where the first argument decides; `undefined` from it is a call of no model. Does not throw. */
  readonly endpoint: Endpoint | ((body: unknown) => Endpoint | undefined);
  /** Whether a last argument that is a function gets the answer in place of a promise, as `(error, answer)`. */
  readonly callback?: boolean;
}

/** One client library: what to patch, and whom it talks to. One file each in clients/. */
export interface ClientInstrumentation {
  /** The package's name, as it is imported. */
  readonly packageName: string;
  /** @param exports The module's exports, ESM namespace or CommonJS. Unknown shapes give an empty list. */
  targets(exports: unknown): readonly PatchTarget[];
  /** What to patch on one client object; an empty list where it is not a client of this library. */
  instanceTargets?(client: object): readonly PatchTarget[];
  /**
   * In the GenAI conventions' names, or in snake case where they have none.
   *
   * @param host Of the client's base URL, lower case.
   * @param self What the method was called on.
   */
  provider(host: string | undefined, port?: number, self?: object): string;
  /** Where a call goes, for clients that do not keep it in `baseURL`. A string, a URL, or whatever else was found. */
  baseUrl?(self: object, body: unknown, options: unknown): unknown;
  /** Whether this client makes spans itself, as the user asked it to: then ours stand back. */
  tracesItself?(client: object): boolean;
}
