import type { HrTime } from "@opentelemetry/api";
import type { ProtobufWriter } from "./protobuf-writer.ts";

const NS_A_SECOND = 1e9;
const HALF_WORD = 2 ** 16;
const WORD = 2 ** 32;

/**
 * Nanoseconds since the epoch as a fixed64. They do not fit a number, so the seconds are multiplied in two parts. A time before
 * the epoch, or beyond 2554, gives the same wrong bytes as from OpenTelemetry's transformer.
 */
export function writeTime(out: ProtobufWriter, time: HrTime): void {
  const seconds = time[0];
  const lower = (seconds & 0xffff) * NS_A_SECOND;
  /** Of 2 ** 16 nanoseconds each. */
  const upper = ((seconds / HALF_WORD) >>> 0) * NS_A_SECOND;
  const low = (lower >>> 0) + (((upper & 0xffff) * HALF_WORD) >>> 0) + time[1];
  const high = Math.floor(lower / WORD) + ((upper / HALF_WORD) >>> 0) + Math.floor(low / WORD);
  out.fixed64(low, high);
}
