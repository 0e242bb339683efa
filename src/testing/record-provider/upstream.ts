const KNOWN: Readonly<Record<string, string>> = {
  openai: "https://api.openai.com",
  anthropic: "https://api.anthropic.com",
};

/** The one place that requests are sent to. */
export class Upstream {
  readonly #base: URL;

  /** @throws TypeError for what is no http(s) URL without user, query and fragment. */
  constructor(upstream: string | URL) {
    const base = URL.parse(KNOWN[String(upstream)] ?? String(upstream));
    if (
      base === null ||
      !/^https?:$/.test(base.protocol) ||
      base.username + base.password + base.search + base.hash
    ) {
      throw new TypeError(
        "recordProvider: upstream must be openai, anthropic, or an http(s) URL without user, query and fragment",
      );
    }
    base.pathname = base.pathname.replace(/\/+$/, "");
    this.#base = base;
  }

  get host(): string {
    return this.#base.host;
  }

  /** @param target As the request line has it. @returns `undefined` where that would be another place. */
  urlOf(target: string): URL | undefined {
    if (!target.startsWith("/")) return undefined;
    const { origin, pathname } = this.#base;
    const below = pathname === "/" ? "" : pathname;
    const url = URL.parse(origin + below + target);
    return url?.origin === origin && url.pathname.startsWith(`${below}/`) ? url : undefined;
  }
}
