import type { ProblemKind } from "./problem-kind.ts";

export interface RefusalFacts {
  /** Which parameter or field it is about. */
  readonly parameter?: string;
  /** What to run instead. */
  readonly command?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Ends a request with a problem. Its message is the `detail`, so it holds nothing that the asker may not see. */
export class Refusal extends Error {
  readonly kind: ProblemKind;
  readonly facts: RefusalFacts;

  constructor(kind: ProblemKind, detail: string, facts: RefusalFacts = {}) {
    super(detail);
    this.name = "Refusal";
    this.kind = kind;
    this.facts = facts;
  }
}
