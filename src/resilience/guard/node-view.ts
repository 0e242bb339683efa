import { isDeepStrictEqual } from "../../internal/late-builtins.ts";
import { FAILURE_FIELD } from "../failure-mark.ts";
import { copyValue, setField } from "./copy-value.ts";
import type { GuardRun } from "./guard-run.ts";
import { type Verdict, type Version, withSources } from "./version.ts";

interface Given {
  /** What the node got: the object itself. */
  readonly copy: unknown;
  /** What it is a copy of. */
  readonly original: unknown;
  readonly withheld: Verdict | undefined;
}

/** What a node gets to see of a state: copies of what it may read, null for what it may not. */
export class NodeView {
  /** Of the same prototype as the state. The node may change it as it likes. */
  readonly state: object;
  /** Why fields are not what they are in the state. */
  readonly withheld = new Map<string, Verdict>();
  readonly #given = new Map<string, Given>();
  readonly #versions = new Set<Version>();
  readonly #mark: unknown;

  /** @param reads Fields that it is to be seen as reading; `undefined`: all. */
  constructor(original: object, run: GuardRun, lineage: object, reads: ReadonlySet<string> | undefined) {
    this.state = Object.create(Object.getPrototypeOf(original)) as object;
    for (const field of fieldsOf(original, run, reads)) {
      const present = Object.hasOwn(original, field);
      const own = { present, value: present ? Reflect.get(original, field) : undefined };
      const reading = run.read(field, own, lineage);
      if (!reading.present) continue;
      setField(this.state, field, reading.value);
      const { value: copy, withheld, version } = reading;
      this.#given.set(field, {
        copy,
        original: withheld === undefined ? own.value : copyValue(copy),
        withheld,
      });
      if (withheld !== undefined) this.withheld.set(field, withheld);
      if (version !== undefined && (reads === undefined || reads.has(field))) this.#versions.add(version);
    }
    this.#mark = copyValue(Reflect.get(original, FAILURE_FIELD));
    if (Object.hasOwn(original, FAILURE_FIELD)) setField(this.state, FAILURE_FIELD, this.#mark);
    for (const symbol of Object.getOwnPropertySymbols(original)) {
      setField(this.state, symbol, Reflect.get(original, symbol));
    }
  }

  /** What was read, and everything behind it. */
  get sources(): ReadonlySet<Version> {
    return withSources(this.#versions);
  }

  /**
   * A failure mark that was in the state before tells of another node, further up. Told by the object: a copy of it looks just like the
   * same failure once more, and is taken for that.
   */
  isNewMark(mark: unknown): boolean {
    return mark !== undefined && mark !== null && mark !== this.#mark;
  }

  /** Of what a node returned, the fields that it has written. What it only hands on is none of them. */
  writes(returned: readonly (readonly [string, unknown])[]): readonly (readonly [string, unknown])[] {
    const names = new Set(returned.map(([field]) => field));
    const isWhole = [...this.#given.keys()].every((field) => names.has(field));
    return returned.filter(([field, value]) => {
      const given = this.#given.get(field);
      if (given === undefined) return value !== undefined;
      if (given.withheld === undefined || isWhole) return !isSame(value, given);
      // Named on purpose. Null is what it got, and nothing that it has found.
      return value !== null;
    });
  }
}

function isSame(value: unknown, { copy, original }: Given): boolean {
  if (typeof value !== "object" || value === null) return Object.is(value, copy);
  return isDeepStrictEqual(value, original);
}

function fieldsOf(
  original: object,
  run: GuardRun,
  reads: ReadonlySet<string> | undefined,
): ReadonlySet<string> {
  const fields = new Set(Object.keys(original));
  const others = reads ?? run.blocks.map(({ field }) => field);
  for (const field of others) fields.add(field);
  fields.delete(FAILURE_FIELD);
  return fields;
}
