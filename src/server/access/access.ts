import { type Clock, systemClock } from "../../internal/clock.ts";
import { Refusal } from "../problem/refusal.ts";
import { FailedAttempts } from "./failed-attempts.ts";
import { TokenList } from "./token-list.ts";

/** `read`: all GET. `operate`: all POST, which change something. */
export type Scope = "read" | "operate";

/** Bearer tokens, each of 16 to 512 visible ASCII characters. */
export interface AccessTokens {
  /** Where it is left out, reading is open. */
  readonly read?: string | readonly string[];
  /** May read as well. Where it is left out, nobody may operate by token. */
  readonly operate?: string | readonly string[];
}

export interface AccessOptions {
  /** Asked for each request that no token allows. What it throws refuses the request with 503. */
  readonly authorize?: (request: Request, scope: Scope) => boolean | Promise<boolean>;
  readonly tokens?: AccessTokens;
}

/** @throws Refusal where the request may not do that. */
export type Access = (request: Request, scope: Scope) => Promise<void>;

/**
 * Who may ask. A right token always passes, also while wrong ones are told to wait: else anybody could lock out who is to reset a breaker.
 *
 * @throws TypeError on a bad option.
 */
export function accessControl({ authorize, tokens = {} }: AccessOptions, clock: Clock = systemClock): Access {
  if (authorize !== undefined && typeof authorize !== "function")
    throw new TypeError(`agentsRouter: authorize must be a function, got ${typeof authorize}`);
  const read = new TokenList("agentsRouter: tokens.read", tokens.read);
  const operate = new TokenList("agentsRouter: tokens.operate", tokens.operate);
  const attempts = new FailedAttempts(clock);

  return async (request, scope) => {
    const token = bearerOf(request);
    const mayOperate = token !== undefined && operate.has(token);
    const mayRead = mayOperate || (token !== undefined && read.has(token));
    if (scope === "operate" ? mayOperate : mayRead) return;
    if (authorize !== undefined && (await authorize(request, scope)) === true) return;
    if (scope === "read" && read.isEmpty && authorize === undefined) return;
    if (scope === "operate" && operate.isEmpty && authorize === undefined) throw notConfigured();
    if (mayRead) throw new Refusal("forbidden", `this token may read; to ${scope} needs another one`);
    if (read.isEmpty && operate.isEmpty)
      throw new Refusal("forbidden", `the program that serves this does not allow it to ${scope}`);
    if (token === undefined) throw unauthorized("send a token, as Authorization: Bearer …");
    const waitMs = attempts.failed();
    if (waitMs === undefined) throw unauthorized("this token is not one that is known here");
    throw new Refusal("too_many_attempts", "there were too many wrong tokens; wait before you try another", {
      headers: { "Retry-After": String(Math.ceil(waitMs / 1_000)) },
    });
  };
}

function notConfigured(): Refusal {
  return new Refusal(
    "not_configured",
    'nothing can be changed from here until the program says who may: agentsRouter({ tokens: { operate: "…" } }), or its option authorize',
  );
}

function unauthorized(detail: string): Refusal {
  return new Refusal("unauthorized", detail, {
    headers: { "WWW-Authenticate": 'Bearer realm="agent-otel"' },
  });
}

function bearerOf(request: Request): string | undefined {
  return /^Bearer +([\x21-\x7e]+) *$/i.exec(request.headers.get("authorization") ?? "")?.[1];
}
