import { cutText } from "../../../internal/redact.ts";
import { ATTR_RECEIVER_DROPPED } from "../../../telemetry/semconv.ts";
import type { TraceSpan } from "../../../telemetry/trace-span.ts";
import type { PlainAttributes } from "../../telemetry-store/telemetry-batch.ts";
import {
  boundEnd,
  boundEventTime,
  boundName,
  CUT,
  isAllowedKey,
  MAX_ATTRIBUTES,
  MAX_DEPTH,
  MAX_EVENTS,
  MAX_LINKS,
  MAX_NANOS,
  MAX_VALUE_BYTES,
  wholeText,
} from "./limits.ts";

/** A part of a list or map counts as so many characters, so that an endless list of nothing ends as well. */
const PART = 8;

/** The span within the same limits as one that came as protobuf; `undefined` where its time is none. */
export function boundSpan(span: TraceSpan): TraceSpan | undefined {
  if (span.startNs > MAX_NANOS) return undefined;
  const { events, links = [], startNs, status } = span;
  const dropped = Math.max(0, events.length - MAX_EVENTS) + Math.max(0, links.length - MAX_LINKS);
  return {
    ...span,
    name: boundName(span.name),
    endNs: boundEnd(span.endNs, startNs),
    status: {
      ...status,
      ...(status.message && { message: cutText(wholeText(status.message), MAX_VALUE_BYTES) }),
    },
    attributes: boundAttributes(span.attributes, dropped),
    events: events.slice(0, MAX_EVENTS).map(({ name, timeNs, attributes }) => ({
      name: boundName(name),
      timeNs: boundEventTime(timeNs, startNs),
      attributes: boundAttributes(attributes),
    })),
    ...(links.length > MAX_LINKS && { links: links.slice(0, MAX_LINKS) }),
    scope: span.scope === undefined ? undefined : boundName(span.scope),
  };
}

/** @param dropped What else of the same thing was too much. */
export function boundAttributes(attributes: PlainAttributes, dropped = 0): PlainAttributes {
  const bounded: Record<string, unknown> = {};
  const keys = Object.keys(attributes);
  for (const key of keys.slice(0, MAX_ATTRIBUTES))
    if (isAllowedKey(key)) bounded[boundName(key)] = boundValue(attributes[key]);
  const all = dropped + Math.max(0, keys.length - MAX_ATTRIBUTES);
  if (all > 0) bounded[ATTR_RECEIVER_DROPPED] = all;
  return bounded;
}

export function boundValue(value: unknown): unknown {
  return bounded(value, 0, { left: MAX_VALUE_BYTES });
}

function bounded(value: unknown, depth: number, room: { left: number }): unknown {
  if (typeof value === "string") {
    const text = cutText(wholeText(value), Math.max(1, room.left));
    room.left -= text.length;
    return text;
  }
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return CUT;
  return Array.isArray(value) ? boundList(value, depth + 1, room) : boundMap(value, depth + 1, room);
}

function boundList(list: readonly unknown[], depth: number, room: { left: number }): unknown[] {
  const items: unknown[] = [];
  for (const item of list) {
    room.left -= PART;
    if (room.left <= 0) {
      items.push(CUT);
      break;
    }
    items.push(bounded(item, depth, room));
  }
  return items;
}

function boundMap(map: object, depth: number, room: { left: number }): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(map)) {
    room.left -= PART + key.length;
    if (room.left <= 0) {
      kept[CUT] = CUT;
      break;
    }
    if (isAllowedKey(key)) kept[boundName(key)] = bounded(item, depth, room);
  }
  return kept;
}
