import { type Answer, toRefusal, unreachable } from "./problem.ts";

const KEPT_ANSWERS = 60;
const TIMEOUT_MS = 15_000;

/** Asks the REST surface of the server that the page came from. */
export class Client {
  /** Sent with each request; `undefined`: this page may only read, where reading is open. */
  readonly token: string | undefined;
  /** Called with whether the server was reached, after each request. */
  onReached: (reached: boolean) => void = () => {};
  readonly #kept = new Map<string, unknown>();

  constructor(token: string | undefined) {
    this.token = token;
  }

  /** The last answer for this path, so that a view that was open before shows it at once. */
  kept(path: string): unknown {
    return this.#kept.get(path);
  }

  /** @param path Below `/api/agents/`. */
  async get<T>(path: string, signal?: AbortSignal): Promise<Answer<T>> {
    const answer = await this.#ask<T>(path, { headers: this.#headers() }, signal);
    if (answer.ok) this.#keep(path, answer.data);
    return answer;
  }

  async post<T>(path: string, body: unknown): Promise<Answer<T>> {
    const headers = { ...this.#headers(), "Content-Type": "application/json" };
    return this.#ask<T>(path, { method: "POST", headers, body: JSON.stringify(body) });
  }

  #headers(): Record<string, string> {
    const token = this.token !== undefined && { Authorization: `Bearer ${this.token}` };
    return { Accept: "application/json", ...token };
  }

  async #ask<T>(path: string, init: RequestInit, signal?: AbortSignal): Promise<Answer<T>> {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const response = await fetch(`/api/agents/${path}`, {
        ...init,
        cache: "no-store",
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      });
      const body: unknown = await response.json().catch(() => undefined);
      this.onReached(true);
      if (response.ok && body !== undefined) return { ok: true, data: body as T };
      return { ok: false, refusal: toRefusal(response.status, body) };
    } catch {
      if (signal?.aborted !== true) this.onReached(false);
      return { ok: false, refusal: unreachable() };
    }
  }

  #keep(path: string, data: unknown): void {
    this.#kept.delete(path);
    this.#kept.set(path, data);
    if (this.#kept.size > KEPT_ANSWERS) this.#kept.delete(this.#kept.keys().next().value ?? "");
  }
}
