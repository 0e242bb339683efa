import { checkWhole } from "../../internal/check-number.ts";
import { LONGEST_TIMER_MS } from "../environment/variables.ts";
import { checkedUrls } from "./check-urls.ts";
import type { UndeliverableListener } from "./undeliverable.ts";

/** Options of `durableSpanExporter`. */
export interface DurableSpanExporterOptions {
  /** The whole URL that traces are posted to, as `http://localhost:4318/v1/traces`. */
  readonly url?: string;
  /**
   * In place of `url`: two or more receivers without a load balancer in front, 32 at most. All spans of a trace go to the same one,
   * by a hash of its id; which one does not depend on their order, and hardly on how many there are.
   */
  readonly urls?: readonly string[];
  /**
   * With `urls`: how long a receiver may take nothing before its spans, those that wait too, go to the next one of their trace, in
   * milliseconds; until it is back. Better longer than it takes to start anew: a trace that is under way ends in two places.
   * @default 15_000
   */
  readonly failoverAfterMs?: number;
  /** Sent with every request; a function is asked for each. Never written to disk. */
  readonly headers?: RequestHeaders;
  /** Where spans wait until they are delivered, also past the end of the process. Left out: in memory. */
  readonly directory?: string;
  /**
   * What is safe once a span is accepted, where there is a directory. `none`: survives the end of the process, however it
   * comes. `interval`: also the machine's, but for the last 500 ms. `fsync`: also those. @default "interval"
   */
  readonly durability?: Durability;
  /** Most bytes that wait, oldest dropped first. @default 1 GiB in a directory, 64 MiB in memory */
  readonly maxBytes?: number;
  /** Bytes that stay free on the disk, whatever waits. @default 256 MiB */
  readonly minFreeBytes?: number;
  /** @default "gzip" in a directory, else "none" */
  readonly compression?: "gzip" | "none";
  /** For one request, in milliseconds. @default 10_000 */
  readonly timeoutMs?: number;
  /** Requests at a time, to each of `urls`. @default 16 */
  readonly maxInFlight?: number;
  /** Spans of one request, where the exporter does its own batching. @default 512 */
  readonly batchSize?: number;
  /** How long a span waits for its batch, in milliseconds. @default 1_000 */
  readonly batchDelayMs?: number;
  /**
   * Told of each batch that the receiver has refused for good, as for a dead letter queue. Spans of a request that was taken in part are not
   * told: the receiver does not say which. @default they are counted alone
   */
  readonly onUndeliverable?: UndeliverableListener;
  /** PEM, for https:// URLs. */
  readonly certificates?: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer };
}

export type Durability = "none" | "interval" | "fsync";

export type RequestHeaders =
  | Readonly<Record<string, string>>
  | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>);

const MIB = 2 ** 20;

type Optional = "url" | "headers" | "directory" | "certificates" | "onUndeliverable";

/** Options with their defaults; `urls` has at least one. */
export type CheckedOptions = Omit<DurableSpanExporterOptions, "url"> &
  Required<Omit<DurableSpanExporterOptions, Optional>>;

/** @throws TypeError or RangeError that names the option, what it allows and the value. */
export function checkedOptions(options: DurableSpanExporterOptions): CheckedOptions {
  const { url, directory, onUndeliverable, ...others } = options;
  const urls = checkedUrls(url, options.urls);
  if (onUndeliverable !== undefined && typeof onUndeliverable !== "function")
    throw new TypeError(
      `durableSpanExporter: onUndeliverable must be a function, got ${typeof onUndeliverable}`,
    );
  if (directory !== undefined && (typeof directory !== "string" || directory.trim() === "")) {
    throw new TypeError(`durableSpanExporter: directory must be a path, got ${JSON.stringify(directory)}`);
  }
  const onDisk = directory !== undefined;
  return {
    ...others,
    ...(directory !== undefined && { directory }),
    ...(onUndeliverable !== undefined && { onUndeliverable }),
    urls,
    failoverAfterMs: whole("failoverAfterMs", options.failoverAfterMs ?? 15_000, 1, LONGEST_TIMER_MS),
    durability: choice("durability", options.durability ?? "interval", ["none", "interval", "fsync"]),
    compression: choice("compression", options.compression ?? (onDisk ? "gzip" : "none"), ["gzip", "none"]),
    maxBytes: whole("maxBytes", options.maxBytes ?? (onDisk ? 1_024 * MIB : 64 * MIB), MIB),
    minFreeBytes: whole("minFreeBytes", options.minFreeBytes ?? 256 * MIB, 0),
    timeoutMs: whole("timeoutMs", options.timeoutMs ?? 10_000, 1),
    maxInFlight: whole("maxInFlight", options.maxInFlight ?? 16, 1, 256),
    batchSize: whole("batchSize", options.batchSize ?? 512, 1, 65_536),
    batchDelayMs: whole("batchDelayMs", options.batchDelayMs ?? 1_000, 0),
  };
}

function choice<const T extends string>(name: string, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found !== undefined) return found;
  throw new TypeError(
    `durableSpanExporter: ${name} must be one of ${allowed.join(", ")}, got ${JSON.stringify(value)}`,
  );
}

function whole(name: string, value: unknown, min: number, max?: number): number {
  return checkWhole(`durableSpanExporter: ${name}`, value, min, max);
}
