import { createHash, timingSafeEqual } from "node:crypto";

/** Visible ASCII, as a header can carry it; shorter ones could be guessed. */
const TOKEN = /^[\x21-\x7e]{16,512}$/;

/** Tokens of one scope, kept as their digests. */
export class TokenList {
  readonly #digests: readonly Buffer[];
  readonly #equal: (a: Buffer, b: Buffer) => boolean;

  /**
   * @param option Starts the message, as `agentsRouter: tokens.read`.
   * @param equal For tests.
   * @throws TypeError on what is no token. The message does not show it.
   */
  constructor(
    option: string,
    tokens: string | readonly string[] = [],
    equal: (a: Buffer, b: Buffer) => boolean = timingSafeEqual,
  ) {
    const list = typeof tokens === "string" ? [tokens] : tokens;
    if (!Array.isArray(list) || list.some((token) => typeof token !== "string" || !TOKEN.test(token)))
      throw new TypeError(
        `${option} must be a token, or a list of tokens, of 16 to 512 visible ASCII characters each`,
      );
    this.#digests = list.map(digest);
    this.#equal = equal;
  }

  get isEmpty(): boolean {
    return this.#digests.length === 0;
  }

  /** Takes as long whether it is there or not: digests are of one length, and all of them are compared. */
  has(token: string): boolean {
    const asked = digest(token);
    let found = false;
    for (const known of this.#digests) found = this.#equal(known, asked) || found;
    return found;
  }
}

function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
