import { BoundedMap } from "../bounded-map.ts";
import type { Statements } from "../statements.ts";
import type { PlainAttributes } from "../telemetry-batch.ts";

const READ = "SELECT json, service FROM resources WHERE id = ?";
const REMEMBERED = 100;

interface StoredResource {
  readonly attributes: PlainAttributes;
  readonly service: string;
}

const NONE: StoredResource = { attributes: {}, service: "" };

/** Resources by their ids. */
export class ResourceReader {
  readonly #statements: Statements;
  readonly #known = new BoundedMap<number, StoredResource>(REMEMBERED);

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  read(id: number): StoredResource {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const row = this.#statements.get(READ).get(id);
    if (row === undefined) return NONE;
    const attributes = JSON.parse(String(row["json"])) as PlainAttributes;
    const resource = { attributes, service: String(row["service"]) };
    this.#known.set(id, resource);
    return resource;
  }
}
