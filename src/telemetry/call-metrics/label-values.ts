import { idShape } from "../../internal/id-shape.ts";
import { warnOnce } from "../../internal/warn-once.ts";
import { VALUE_OTHER } from "../semconv.ts";

/**
 * The values that each label of an instrument has had: the first so many are kept, all later ones are `_OTHER`. Names that look
 * like ids are `_OTHER` from the start, with one warning: each would be a time series that ends with its request.
 */
export class LabelValues {
  readonly #limit: number;
  readonly #names: ReadonlySet<number>;
  readonly #known: Set<string>[] = [];

  /** @param names Positions of the labels that programs make up. */
  constructor(limit: number, names: readonly number[]) {
    this.#limit = limit;
    this.#names = new Set(names);
  }

  /** @returns The value to count under. */
  admit(position: number, value: string | undefined): string | undefined {
    if (value === undefined || value === VALUE_OTHER) return value;
    const known = this.#at(position);
    if (known.has(value)) return value;
    if (this.#names.has(position) && isId(value)) return VALUE_OTHER;
    if (known.size >= this.#limit) return VALUE_OTHER;
    known.add(value);
    return value;
  }

  clear(): void {
    this.#known.length = 0;
  }

  #at(position: number): Set<string> {
    this.#known[position] ??= new Set();
    return this.#known[position];
  }
}

function isId(name: string): boolean {
  const shape = idShape(name);
  if (shape === undefined) return false;
  // The shape and not the name: it may be somebody's id.
  warnOnce(
    `id-name:${shape}`,
    `the name of an agent, a tool or a workflow contains ${shape}; metrics count it as ${VALUE_OTHER}, since every id would be ` +
      "a time series of its own. Give it one fixed name, and put the id into the option attributes or into conversation().",
  );
  return true;
}
