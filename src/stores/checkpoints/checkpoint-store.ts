/**
 * `running` also while nobody works on it, as after a crash. `needs_attention`: another program was found, or it crashed too often.
 */
export type RunStatus = "running" | "completed" | "failed" | "cancelled" | "needs_attention";

/** One run of a workflow. */
export interface RunRecord {
  readonly id: string;
  readonly workflow: string;
  readonly status: RunStatus;
  /** JSON: what the program was that began it. */
  readonly program: string;
  /** JSON: the state that it began with. */
  readonly initial: string;
  /** One more each time that somebody takes it: what an earlier owner writes is refused. */
  readonly epoch: number;
  readonly owner: string;
  /** Milliseconds since the epoch, by the store's clock; 0: nobody works on it. */
  readonly leaseUntilMs: number;
  /** How often an owner has vanished since the last step was committed. */
  readonly crashes: number;
  /** `traceId-spanId` in hex of the span that ran it last. */
  readonly trace: string | undefined;
  /** JSON: why it failed, or needs attention. */
  readonly failure: string | undefined;
  readonly createdMs: number;
  /** When its status or owner last changed. */
  readonly updatedMs: number;
}

/** One committed step. */
export interface StepRecord {
  /** From 0. */
  readonly seq: number;
  readonly name: string;
  /** JSON: what the step returned. */
  readonly output: string;
  /** How often it was tried by the owner that committed it. */
  readonly attempts: number;
  readonly atMs: number;
}

export interface ClaimRequest {
  readonly id: string;
  readonly workflow: string;
  readonly program: string;
  /** Counts where the run is new. */
  readonly initial: string;
  /** Unique for each attempt to run it. */
  readonly owner: string;
  readonly leaseMs: number;
  readonly trace: string | undefined;
  /** With more crashes than that it is not given out. */
  readonly maxCrashes: number;
}

export type Claim =
  /** The caller's until its lease ends. `run` has the trace and failure of before, and the new epoch. */
  | {
      readonly kind: "claimed";
      readonly isNew: boolean;
      readonly run: RunRecord;
      readonly steps: readonly StepRecord[];
    }
  /** Another owner works on it. */
  | { readonly kind: "held"; readonly owner: string; readonly forMs: number }
  | { readonly kind: "completed"; readonly run: RunRecord; readonly steps: readonly StepRecord[] }
  | { readonly kind: "cancelled"; readonly run: RunRecord }
  /** Another program began it; it needs attention from now on. */
  | { readonly kind: "changed"; readonly run: RunRecord }
  /** It has ended too many processes; it needs attention from now on. */
  | { readonly kind: "crashed"; readonly run: RunRecord };

/** Who holds a run. */
export interface Hold {
  readonly id: string;
  readonly epoch: number;
}

export interface RunQuery {
  readonly workflow?: string | undefined;
  readonly status?: RunStatus | undefined;
  readonly limit: number;
}

/**
 * Checkpoints of workflows. Every method is one atomic step that outlives a power cut. A run is found by its id alone, whatever its workflow.
 */
export interface CheckpointStore {
  /**
   * Makes the run where there is none, else takes it where it is free: its lease is over or was given up. An owner that vanished counts as a
   * crash. The same program may take it again whatever its status but for `completed`, `cancelled` and too many crashes.
   */
  claim(request: ClaimRequest): Promise<Claim>;
  /** Keeps what a step returned. Nothing is kept where the hold was lost, the run is not running, or `seq` is not the next. */
  commit(hold: Hold, step: Omit<StepRecord, "atMs">): Promise<"committed" | "lost">;
  /** Whether the hold is still good; then for `leaseMs` from now. */
  renew(hold: Hold, leaseMs: number): Promise<boolean>;
  /** Ends the hold, with what became of the run. Whether it was still good. @param failure JSON. */
  end(hold: Hold, status: Exclude<RunStatus, "cancelled">, failure?: string): Promise<boolean>;
  /** From now on nobody may run it, and its owner's hold is over. The status before, `undefined` where there is no such run. A completed one stays so. */
  cancel(id: string): Promise<RunStatus | undefined>;
  /** Lets a run be taken again that was cancelled or needs attention, its crashes forgotten. The status before. */
  reopen(id: string): Promise<RunStatus | undefined>;
  read(id: string): Promise<{ readonly run: RunRecord; readonly steps: readonly StepRecord[] } | undefined>;
  /** The last changed first. */
  list(query: RunQuery): Promise<readonly RunRecord[]>;
  /** Removes a run, whose hold is still good, with its steps. Whether it was. */
  forget(hold: Hold): Promise<boolean>;
  /** Removes completed runs of a workflow that ended at least so long ago, by the store's clock. How many. */
  sweep(workflow: string, olderThanMs: number): Promise<number>;
}
