import { Refusal } from "./answers.ts";
import type { ReceiverSettings } from "./receiver-options.ts";

/** How much of the receiver is in use. What is refused here is asked to come again, so that nothing is lost. */
export class Admission {
  readonly #settings: ReceiverSettings;
  #requests = 0;
  #reading = 0;
  #bytes = 0;

  constructor(settings: ReceiverSettings) {
    this.#settings = settings;
  }

  /** @returns What the request takes, to be given back. @throws Refusal where there are too many. */
  enter(): Ticket {
    if (this.#requests >= this.#settings.maxConcurrent) throw this.busy("too many requests at a time");
    this.#requests += 1;
    this.#reading += 1;
    return new Ticket(this);
  }

  /** Whether a request is on the way whose body has not been read. */
  get isReading(): boolean {
    return this.#reading > 0;
  }

  read(): void {
    this.#reading -= 1;
  }

  /** @throws Refusal */
  take(bytes: number): void {
    if (this.#bytes + bytes > this.#settings.maxBytesInFlight) throw this.busy("too much in memory");
    this.#bytes += bytes;
  }

  leave(bytes: number): void {
    this.#requests -= 1;
    this.#bytes -= bytes;
  }

  busy(why: string): Refusal {
    return new Refusal(503, `${why}; try again later`, {
      "retry-after": String(this.#settings.retryAfterSeconds),
    });
  }
}

/** What one request takes of the receiver. */
export class Ticket {
  readonly #admission: Admission;
  #bytes = 0;
  #read = false;
  #left = false;

  constructor(admission: Admission) {
    this.#admission = admission;
  }

  /** @throws Refusal where there is no room. */
  take(bytes: number): void {
    this.#admission.take(bytes);
    this.#bytes += bytes;
  }

  /** All of its body is there. */
  read(): void {
    if (this.#read) return;
    this.#read = true;
    this.#admission.read();
  }

  leave(): void {
    if (this.#left) return;
    this.#left = true;
    this.read();
    this.#admission.leave(this.#bytes);
  }
}
