import { ATTR_SERVICE_NAME } from "../../../telemetry/semconv.ts";
import { BoundedMap } from "../bounded-map.ts";
import type { Statements } from "../statements.ts";
import type { PlainAttributes } from "../telemetry-batch.ts";
import { columnText } from "./column-text.ts";

const FIND = "SELECT id FROM resources WHERE json = ?";
const ADD = "INSERT INTO resources (json, service, used_ms) VALUES (?, ?, ?)";
const USED = "UPDATE resources SET used_ms = ? WHERE id = ?";
const REMEMBERED = 500;
/** Characters. A longer one is looked up each time. */
const MAX_REMEMBERED = 4_096;
/** How exactly is known when a resource was used last. */
const USED_MS = 60_000;

/** Each resource stands once in the database, however many spans it has. */
export class Resources {
  readonly #statements: Statements;
  /** By the object, since spans of a request share theirs; then by the text. */
  #byObject = new WeakMap<PlainAttributes, number>();
  // Spans of one resource mostly follow each other.
  #last: PlainAttributes | undefined;
  #lastId = 0;
  readonly #byText = new BoundedMap<string, { readonly id: number; usedMs: number }>(REMEMBERED);

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  idOf(resource: PlainAttributes, nowMs: number): number {
    if (resource === this.#last) return this.#lastId;
    this.#lastId = this.#byObject.get(resource) ?? this.#find(resource, nowMs);
    this.#last = resource;
    return this.#lastId;
  }

  /** What was written last may have been rolled back, or deleted. */
  forget(): void {
    this.#byObject = new WeakMap();
    this.#last = undefined;
    this.#byText.clear();
  }

  #find(resource: PlainAttributes, nowMs: number): number {
    const id = this.#idOfText(JSON.stringify(resource), resource, nowMs);
    this.#byObject.set(resource, id);
    return id;
  }

  #idOfText(json: string, resource: PlainAttributes, nowMs: number): number {
    const known = this.#byText.get(json);
    if (known !== undefined) {
      if (Math.abs(nowMs - known.usedMs) > USED_MS) this.#use(known, nowMs);
      return known.id;
    }
    const found = this.#statements.get(FIND).get(json)?.["id"];
    const entry = { id: Number(found ?? this.#add(json, resource, nowMs)), usedMs: nowMs };
    if (found !== undefined) this.#use(entry, nowMs);
    if (json.length <= MAX_REMEMBERED) this.#byText.set(json, entry);
    return entry.id;
  }

  #use(entry: { readonly id: number; usedMs: number }, nowMs: number): void {
    entry.usedMs = nowMs;
    this.#statements.get(USED).run(nowMs, entry.id);
  }

  #add(json: string, resource: PlainAttributes, nowMs: number): number | bigint {
    const service = columnText(resource[ATTR_SERVICE_NAME]) ?? "";
    return this.#statements.get(ADD).run(json, service, nowMs).lastInsertRowid;
  }
}
