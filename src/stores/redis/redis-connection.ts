import { StoreUnusableError } from "../../errors/store-unusable-error.ts";
import { type After, systemAfter } from "../../internal/timers.ts";
import { timeLimit } from "../breakers/time-limit.ts";
import { loadRedis, type RedisClient, type RedisPackage } from "./load-redis.ts";
import { RedisLink, type Subscription } from "./redis-link.ts";
import type { RedisUrl } from "./redis-url.ts";

/** To connect, and for one answer. */
const ANSWER_MS = 3_000;

interface Hearing extends Subscription {
  /** The connection is gone, and what is published meanwhile is lost. */
  readonly missed: () => void;
}

/**
 * One Redis server, connected to when first used, and when used again after it broke: nothing is queued for it meanwhile, and whoever
 * uses it decides when to try again. Its sockets do not hold the process.
 */
export class RedisConnection {
  readonly #url: RedisUrl;
  readonly #load: (shown: string) => Promise<RedisPackage>;
  readonly #after: After;
  #hearing: Hearing | undefined;
  #link: RedisLink | undefined;
  #closed = false;

  /** @param load For tests, as `after`. */
  constructor(
    url: RedisUrl,
    load: (shown: string) => Promise<RedisPackage> = loadRedis,
    after: After = systemAfter,
  ) {
    this.#url = url;
    this.#load = load;
    this.#after = after;
  }

  /** The URL without its password. */
  get shown(): string {
    return this.#url.shown;
  }

  /** @throws StoreUnusableError without the package or after `close`; else what `redis` or `work` throws. */
  async use<T>(work: (client: RedisClient) => Promise<T>): Promise<T> {
    if (this.#closed) throw new StoreUnusableError(this.shown, "is closed");
    this.#link ??= this.#newLink();
    const link = this.#link;
    try {
      return await timeLimit(link.commands.then(work), ANSWER_MS, this.#after);
    } catch (error) {
      // Also where the server has only said no: a replica that was the primary a moment ago does so for ever.
      this.#drop(link);
      throw error;
    }
  }

  /** Hears what is published on one channel, from the next use on. */
  hear(hearing: Hearing): void {
    this.#hearing = hearing;
    this.#drop(this.#link);
  }

  /** Ends what is being asked. Safe to call twice. */
  close(): void {
    this.#closed = true;
    this.#drop(this.#link);
  }

  #newLink(): RedisLink {
    const link: RedisLink = new RedisLink(this.#load(this.shown), this.#url.connection, this.#hearing, () => {
      this.#drop(link);
      this.#hearing?.missed();
    });
    return link;
  }

  #drop(link: RedisLink | undefined): void {
    link?.close();
    if (this.#link === link) this.#link = undefined;
  }
}
