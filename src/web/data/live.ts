const THROTTLE_MS = 2_000;
const POLL_MS = 5_000;

/** `offline`: the last request did not reach the server. */
export type LiveState = "connecting" | "live" | "polling" | "offline";

/** Tells what is shown when to ask again: on each change, at most every two seconds, and by the clock where events fail. */
export class Live {
  state: LiveState = "connecting";
  /** When the server was reached last, in milliseconds since the epoch. */
  reachedMs = Date.now();
  readonly #listeners = new Set<(refresh: boolean) => void>();
  readonly #url: string;
  #source: EventSource | undefined;
  #open = false;
  #reached = true;
  #lastMs = 0;
  #waiting: number | undefined;

  constructor(url: string) {
    this.#url = url;
    this.#listen();
    window.setInterval(() => {
      if (!this.#open) this.refresh();
    }, POLL_MS);
    document.addEventListener("visibilitychange", () => {
      this.#listen();
      this.refresh();
    });
  }

  /** Only while somebody looks: a browser has six connections for all tabs of a server, and each tab that listens keeps one. */
  #listen(): void {
    if (document.hidden) {
      this.#source?.close();
      this.#source = undefined;
      this.#open = false;
      return;
    }
    if (this.#source !== undefined) return;
    const source = new EventSource(this.#url);
    this.#source = source;
    source.addEventListener("open", () => this.#opened(true));
    source.addEventListener("error", () => this.#opened(false));
    source.addEventListener("change", () => this.refresh());
  }

  /** @param listener Called with whether to ask again, or only the state has changed. @returns Ends it. */
  subscribe(listener: (refresh: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  reached(reached: boolean): void {
    if (reached) this.reachedMs = Date.now();
    this.#reached = reached;
    this.#settle();
  }

  /** Soon, and once for many. A page that nobody looks at asks nothing. */
  refresh(): void {
    if (document.hidden || this.#waiting !== undefined) return;
    const wait = Math.max(0, this.#lastMs + THROTTLE_MS - Date.now());
    this.#waiting = window.setTimeout(() => {
      this.#waiting = undefined;
      this.#lastMs = Date.now();
      this.#tell(true);
    }, wait);
  }

  #opened(open: boolean): void {
    // What happened while nobody was connected was not told.
    if (open && !this.#open && this.state !== "connecting") this.refresh();
    this.#open = open;
    this.#settle();
  }

  #settle(): void {
    const next = !this.#reached ? "offline" : this.#open ? "live" : "polling";
    if (next === this.state) return;
    this.state = next;
    this.#tell(false);
  }

  #tell(refresh: boolean): void {
    for (const listener of this.#listeners) listener(refresh);
  }
}
