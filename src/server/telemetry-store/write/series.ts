import type { Statements } from "../statements.ts";
import type { MetricPoint } from "../telemetry-batch.ts";
import type { Resources } from "./resources.ts";

const FIND =
  "SELECT value, count, sent_ms, since_ms FROM series WHERE name = ? AND attributes = ? AND resource = ?";
const WRITE = `INSERT OR REPLACE INTO series (value, count, time_ms, sent_ms, since_ms, name, attributes, resource)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
const COUNT = "SELECT count(*) AS series FROM series";
const MAKE_ROOM = `DELETE FROM series WHERE (name, attributes, resource) IN
  (SELECT name, attributes, resource FROM series ORDER BY time_ms LIMIT ?)`;

/** Of all processes; the ones that were heard of longest ago go first. */
const MAX_SERIES = 5_000;
const AT_A_TIME = 500;
/** What is sent again is no older than that. A point that is further back comes from a clock that was set. */
const LATE_MS = 120_000;
const PREFIX = "agents.";
const MOST = Number.MAX_SAFE_INTEGER;

/** Keeps the latest value of each series of ours. Other metrics follow from spans, or are nobody's here. */
export class SeriesWriter {
  readonly #statements: Statements;
  #series: number;

  constructor(statements: Statements) {
    this.#statements = statements;
    this.#series = this.#count();
  }

  write(points: readonly MetricPoint[], resources: Resources, nowMs: number): void {
    for (const point of points)
      if (point.name.startsWith(PREFIX) && Number.isSafeInteger(point.timeMs))
        this.#write(point, resources.idOf(point.resource, nowMs), nowMs);
  }

  forget(): void {
    this.#series = this.#count();
  }

  #write(point: MetricPoint, resource: number, nowMs: number): void {
    const attributes = canonical(point.attributes);
    const before = this.#statements.get(FIND).get(point.name, attributes, resource);
    // Points that come late or again have been counted.
    const behindMs = before === undefined ? -1 : Number(before["sent_ms"]) - point.timeMs;
    if (behindMs >= 0 && behindMs <= LATE_MS) return;
    if (before === undefined) this.#makeRoom();
    const { delta, kind } = point;
    const value = point.value + (delta && kind !== "gauge" ? Number(before?.["value"] ?? 0) : 0);
    const count = point.count + (delta ? Number(before?.["count"] ?? 0) : 0);
    const same = before !== undefined && Number(before["value"]) === value;
    this.#statements
      .get(WRITE)
      .run(
        value,
        Math.min(MOST, count),
        nowMs,
        point.timeMs,
        same ? Number(before["since_ms"]) : Math.min(point.timeMs, nowMs),
        point.name,
        attributes,
        resource,
      );
  }

  #makeRoom(): void {
    if (this.#series >= MAX_SERIES)
      this.#series -= Number(this.#statements.get(MAKE_ROOM).run(AT_A_TIME).changes);
    this.#series += 1;
  }

  #count(): number {
    return Number(this.#statements.get(COUNT).get()?.["series"]);
  }
}

/** Equal for equal attributes in whatever order. */
function canonical(attributes: MetricPoint["attributes"]): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))),
  );
}
