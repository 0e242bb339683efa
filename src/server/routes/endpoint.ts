import { z } from "@hono/zod-openapi";
import type { Scope } from "../access/access.ts";

/** What one endpoint is asked: parameters of the path and the query, and the body of a POST, all of them checked. */
export interface Asked<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
}

interface Spec<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodObject, A extends z.ZodType> {
  /** A POST changes something. */
  readonly method: "get" | "post";
  /** Below the base path, with its parameters in braces: `agents/{agent}`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly answer: A;
  /** Statuses of problems beside those that every endpoint may have. */
  readonly problems?: readonly number[];
  /** @throws Refusal, or an error of a source. */
  handle(asked: Asked<z.output<P>, z.output<Q>, z.output<B>>): Promise<z.input<A>>;
}

/** One endpoint, from which its route and its part of the OpenAPI document are made. */
export interface Endpoint {
  readonly method: "get" | "post";
  readonly path: string;
  readonly scope: Scope;
  readonly summary: string;
  readonly description: string | undefined;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  readonly body: z.ZodObject | undefined;
  readonly answer: z.ZodType;
  readonly problems: readonly number[];
  handle(asked: Asked<unknown, unknown, unknown>): Promise<unknown>;
}

const NONE = z.object({});
type None = typeof NONE;

/** Forgets the types of one endpoint, once they have been checked against each other. */
export function endpoint<
  A extends z.ZodType,
  P extends z.ZodObject = None,
  Q extends z.ZodObject = None,
  B extends z.ZodObject = None,
>(spec: Spec<P, Q, B, A>): Endpoint {
  return {
    method: spec.method,
    path: spec.path,
    scope: spec.method === "get" ? "read" : "operate",
    summary: spec.summary,
    description: spec.description,
    params: spec.params ?? NONE,
    query: spec.query ?? NONE,
    body: spec.method === "post" ? (spec.body ?? NONE) : undefined,
    answer: spec.answer,
    problems: spec.problems ?? [],
    handle: (asked) => spec.handle(asked as Asked<z.output<P>, z.output<Q>, z.output<B>>),
  };
}
