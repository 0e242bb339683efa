import { setTimeout as wait } from "node:timers/promises";

interface Alert {
  readonly state: "firing" | "pending";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Asks Prometheus for its alerts all the time, since some fire for seconds only. */
export class AlertWatch {
  /** Annotations of all alerts that have fired. */
  readonly texts = new Set<string>();
  readonly #url: string;
  readonly #fired = new Set<string>();
  readonly #began = Date.now();
  #now: readonly string[] = [];
  #stopped = false;

  /** @param prometheus Its address. */
  constructor(prometheus: string) {
    this.#url = `${prometheus}/api/v1/alerts`;
    void this.#watch();
  }

  /** When it has fired, also before. @param alert Name, and severity where it has two. @param job Label; "" for none. */
  async firing(alert: string, job: string): Promise<void> {
    const [name, severity] = alert.split(" ");
    const isIt = (key: string) => key.startsWith(`${name}|${job}|${severity ?? ""}`);
    await this.#until(`${alert} of ${job}`, 60_000, () => [...this.#fired].some(isIt));
  }

  /** When none fires any more. */
  async quiet(): Promise<void> {
    await this.#until("no alert", 60_000, () => this.#now.length === 0);
    this.#fired.clear();
  }

  stop(): void {
    this.#stopped = true;
  }

  async #watch(): Promise<void> {
    while (!this.#stopped) {
      await this.#ask().catch(() => undefined); // it may be on its way up or down
      await wait(250);
    }
  }

  async #ask(): Promise<void> {
    const answer = await fetch(this.#url, { signal: AbortSignal.timeout(2_000) });
    const { data } = (await answer.json()) as { data: { alerts: readonly Alert[] } };
    const firing = data.alerts.filter(({ state }) => state === "firing");
    this.#now = firing.map(
      ({ labels }) => `${labels["alertname"]}|${labels["job"] ?? ""}|${labels["severity"]}`,
    );
    for (const key of this.#now) {
      if (!this.#fired.has(key)) console.log(`${((Date.now() - this.#began) / 1000).toFixed(1)} s: ${key}`);
      this.#fired.add(key);
    }
    for (const { annotations } of firing) for (const text of Object.values(annotations)) this.texts.add(text);
  }

  async #until(what: string, timeoutMs: number, isSo: () => boolean): Promise<void> {
    for (const deadline = Date.now() + timeoutMs; !isSo(); await wait(100)) {
      if (Date.now() > deadline)
        throw new Error(`${what} did not come within ${timeoutMs / 1000} s; firing: ${this.#now.join(", ")}`);
    }
  }
}
