import { BoundedMap } from "./bounded-map.ts";
import type { Statements } from "./statements.ts";

/** What a trace is found by. The numbers stand in the database. */
export const MARK_KINDS = { agent: 1, model: 2, tool: 3, conversation: 4, span: 5 } as const;
export type MarkKind = keyof typeof MARK_KINDS;

const FIND = "SELECT id FROM marks WHERE kind = ? AND name = ?";
const ADD = "INSERT INTO marks (kind, name) VALUES (?, ?)";
const READ = "SELECT kind, name FROM marks WHERE id = ?";
const REMEMBERED = 5_000;

export interface Mark {
  readonly kind: number;
  readonly name: string;
}

/** Names that traces are found by, each once in the database. */
export class Marks {
  readonly #statements: Statements;
  /** By kind. */
  readonly #ids = Array.from({ length: 6 }, () => new BoundedMap<string, number>(REMEMBERED));
  readonly #names = new BoundedMap<number, Mark>(REMEMBERED);

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  /** Of a name that is there or is added now. Only within a transaction. */
  idOf(kind: MarkKind, name: string): number {
    const ids = this.#ids[MARK_KINDS[kind]];
    const known = ids?.get(name);
    if (known !== undefined) return known;
    const id =
      this.find(kind, name) ?? Number(this.#statements.get(ADD).run(MARK_KINDS[kind], name).lastInsertRowid);
    ids?.set(name, id);
    return id;
  }

  find(kind: MarkKind, name: string): number | undefined {
    const found = this.#statements.get(FIND).get(MARK_KINDS[kind], name);
    return found === undefined ? undefined : Number(found["id"]);
  }

  read(id: number): Mark | undefined {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    const row = this.#statements.get(READ).get(id);
    if (row === undefined) return undefined;
    const mark = { kind: Number(row["kind"]), name: String(row["name"]) };
    this.#names.set(id, mark);
    return mark;
  }

  /** What was written last may have been rolled back, or deleted. */
  forget(): void {
    for (const ids of this.#ids) ids.clear();
    this.#names.clear();
  }
}
