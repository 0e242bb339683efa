import type { Shipped } from "./shipped.ts";
import type { Tools } from "./tools/tools.ts";

/** Something that an operator would stumble over. */
export interface Finding {
  readonly file: string;
  /** Where in the file and what is wrong: one sentence. */
  readonly what: string;
  /** What to do about it. */
  readonly mend: string;
}

/** One kind of proof. It reads nothing but the tree and what the tools give. */
export interface Check {
  /** Kebab-case, for `--only`. */
  readonly name: string;
  /** What holds when it finds nothing: one sentence. */
  readonly holds: string;
  run(shipped: Shipped, tools: Tools): Promise<readonly Finding[]> | readonly Finding[];
}

/** Collects findings of one file. */
export class Findings {
  readonly #all: Finding[] = [];
  readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  /** Keeps a finding where `ok` is false. */
  expect(ok: boolean, what: string, mend: string): void {
    if (!ok) this.#all.push({ file: this.file, what, mend });
  }

  add(what: string, mend: string): void {
    this.expect(false, what, mend);
  }

  get all(): readonly Finding[] {
    return this.#all;
  }
}

/** As text, to compare two runs. */
export const keyOf = ({ file, what }: Finding): string => `${file}: ${what}`;
