import { StoreUnusableError } from "../../errors/store-unusable-error.ts";

/** What we use of a client of the package `redis`, the same in versions 5 and 6. */
export interface RedisClient {
  readonly isReady: boolean;
  on(event: "error" | "end", listener: (error?: unknown) => void): unknown;
  connect(): Promise<unknown>;
  destroy(): void;
  unref(): void;
  eval(script: string, options: { readonly keys: string[]; readonly arguments: string[] }): Promise<unknown>;
  subscribe(channel: string, listener: (message: string) => unknown): Promise<unknown>;
}

export interface RedisClientOptions {
  readonly url: string;
  readonly name: string;
  readonly disableOfflineQueue: boolean;
  readonly socket: { readonly connectTimeout: number; readonly reconnectStrategy: false };
}

export interface RedisPackage {
  createClient(options: RedisClientOptions): RedisClient;
}

/**
 * The package `redis`, which users install themselves, loaded when first needed.
 *
 * @param shown The server it is needed for.
 * @throws StoreUnusableError that names the package where it is missing.
 */
export async function loadRedis(
  shown: string,
  load: () => Promise<unknown> = importRedis,
): Promise<RedisPackage> {
  try {
    return (await load()) as RedisPackage;
  } catch (error) {
    throw new StoreUnusableError(shown, 'needs the package "redis": npm install redis', error);
  }
}

function importRedis(): Promise<unknown> {
  return import("redis");
}
