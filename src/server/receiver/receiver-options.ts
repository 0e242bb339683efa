import { checkWhole } from "../../internal/check-number.ts";

export interface ReceiverOptions {
  /** Of one body, after it was unpacked. @default 20 MiB */
  readonly maxBodyBytes?: number;
  /** Requests that are read or written at a time; those beyond are asked to come again. @default 64 */
  readonly maxConcurrent?: number;
  /** Of all bodies that are in memory at a time, after they were unpacked. @default 64 MiB */
  readonly maxBytesInFlight?: number;
  /** What senders that are asked to come again are told, in seconds. @default 1 */
  readonly retryAfterSeconds?: number;
}

export type ReceiverSettings = Required<ReceiverOptions>;

const MIB = 1_048_576;
/** What a Buffer can hold and a SQLite text may have is more; nobody sends as much. */
const MOST_BYTES = 1_024 * MIB;

/** @throws RangeError that names the option, the range and the value. */
export function receiverSettings(options: ReceiverOptions): ReceiverSettings {
  const { maxBodyBytes = 20 * MIB, maxConcurrent = 64, retryAfterSeconds = 1 } = options;
  const { maxBytesInFlight = Math.max(64 * MIB, maxBodyBytes) } = options;
  checkWhole("otlpReceiver: maxBodyBytes", maxBodyBytes, 1_024, MOST_BYTES);
  checkWhole("otlpReceiver: maxConcurrent", maxConcurrent, 1, 10_000);
  checkWhole("otlpReceiver: maxBytesInFlight", maxBytesInFlight, maxBodyBytes, MOST_BYTES);
  checkWhole("otlpReceiver: retryAfterSeconds", retryAfterSeconds, 1, 3_600);
  return { maxBodyBytes, maxConcurrent, maxBytesInFlight, retryAfterSeconds };
}
