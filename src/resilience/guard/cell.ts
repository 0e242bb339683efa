import type { Block } from "./block.ts";
import type { Own, Reader, Reading } from "./field-cell.ts";
import type { Verdict, Version } from "./version.ts";

/** What a run remembers of a field. */
export interface Cell {
  readonly field: string;
  block: Block | undefined;
  /** Oldest first. */
  readonly versions: readonly Version[];
  readonly latest: Version | undefined;
  /** What may stand in the states now: the last write, and what states have made of it since. */
  readonly newest: readonly Version[];
  /** Whether a newer good write ends its block. */
  readonly replaces: boolean;
  /** Whether anything in it is held back, or would be. */
  readonly isSuspect: boolean;
  read(own: Own, reader: Reader): Reading;
  write(value: unknown, writer: string, sources: ReadonlySet<Version>, lineage: object): Version;
  /** What stands in the states is bad, although nobody has seen it. */
  spoilUnknown(verdict: Verdict): void;
  vouch(): void;
}
