/** A task that was given up, as a store keeps it. */
export interface LetterRecord {
  readonly queue: string;
  readonly id: string;
  readonly taskType: string;
  /** Why it was given up, as `max_attempts`, `timeout`, `undeliverable`. */
  readonly reason: string;
  readonly agent: string | undefined;
  /** JSON. */
  readonly payload: string;
  /** JSON: an object. */
  readonly context: string;
  /** Of the last attempt. */
  readonly errorType: string;
  readonly errorMessage: string;
  /** JSON: earlier errors, the oldest first. */
  readonly history: string;
  /** In all, replays included. */
  readonly attempts: number;
  readonly replays: number;
  /** `traceId-spanId` in hex of where it was given up. */
  readonly trace: string | undefined;
  readonly firstAttemptMs: number;
  readonly lastAttemptMs: number;
  readonly enteredMs: number;
  /** The replay that took it last. */
  readonly claim: string | undefined;
  /** When its claim ends, by the store's clock; over: its holder vanished. 0: nobody replays it. */
  readonly claimUntilMs: number;
  readonly resolution: string | undefined;
  /** 0: not resolved. */
  readonly resolvedMs: number;
  /** When a replay was asked for that nobody has done yet, by the store's clock. 0: none was. */
  readonly replayRequestedMs: number;
}

/** What a letter is when it comes. */
export type NewLetter = Omit<
  LetterRecord,
  "replays" | "claim" | "claimUntilMs" | "resolution" | "resolvedMs" | "replayRequestedMs"
>;

export type LetterClaim =
  /** The caller's until the lease ends; its replays are counted up already. */
  | { readonly kind: "claimed"; readonly letter: LetterRecord }
  | { readonly kind: "held"; readonly forMs: number }
  | { readonly kind: "resolved"; readonly letter: LetterRecord }
  /** It was replayed so often that it is not given out. */
  | { readonly kind: "exhausted"; readonly letter: LetterRecord }
  /** Only asked-for ones were wanted, and for this one nobody asks any more. */
  | { readonly kind: "unasked" }
  | { readonly kind: "missing" };

export interface ClaimLetter {
  readonly queue: string;
  readonly id: string;
  /** Unique for each replay. */
  readonly claim: string;
  readonly leaseMs: number;
  readonly maxReplays: number;
  /** Only where its replay is asked for. @default false */
  readonly onlyAsked?: boolean | undefined;
}

/** What a replay came to. Ends the claim; one that resolved or failed is what was asked for, and the request is done with. */
export type LetterOutcome =
  | { readonly kind: "resolved"; readonly resolution: string }
  | {
      readonly kind: "failed";
      readonly errorType: string;
      readonly errorMessage: string;
      readonly history: string;
      readonly atMs: number;
    }
  /** Given up before it had an outcome: its replay does not count. */
  | { readonly kind: "released" };

export type LetterResolution =
  | { readonly kind: "resolved" | "already" | "missing" }
  /** Somebody replays it now. */
  | { readonly kind: "held"; readonly forMs: number };

/** `resolved`: it needs none. */
export type ReplayRequest = "asked" | "missing" | "resolved";

export interface LetterQuery {
  readonly queue: string;
  readonly taskType?: string | undefined;
  /** @default unresolved ones */
  readonly resolved?: boolean | undefined;
  /** Only those that were replayed less often. */
  readonly maxReplays?: number | undefined;
  /** By the last attempt. @default the newest first */
  readonly oldestFirst?: boolean | undefined;
  readonly limit: number;
}

export interface LetterDepth {
  readonly unresolved: number;
  /** First attempt of the oldest unresolved one. */
  readonly oldestMs: number | undefined;
}

export interface LetterSummary extends LetterDepth {
  readonly total: number;
  readonly resolved: number;
  /** Of unresolved ones, the most first. */
  readonly byTaskType: readonly (readonly [taskType: string, letters: number])[];
  readonly byErrorType: readonly (readonly [errorType: string, letters: number])[];
}

/** Dead letters, in queues that know nothing of each other. Every method is one atomic step that outlives a power cut. */
export interface DeadLetterStore {
  /** `there`: a letter with that id was added before, and stays as it is. `full`: so many are unresolved already. */
  add(letter: NewLetter, maxUnresolved: number): Promise<"added" | "there" | "full">;
  get(queue: string, id: string): Promise<LetterRecord | undefined>;
  /** Those of one moment by their id. */
  list(query: LetterQuery): Promise<readonly LetterRecord[]>;
  /** Takes an unresolved letter that nobody replays now. One whose last holder vanished counts one attempt more. */
  claim(request: ClaimLetter): Promise<LetterClaim>;
  /** Whether the claim is still the caller's, who then has it for `leaseMs` from now. */
  renew(queue: string, id: string, claim: string, leaseMs: number): Promise<boolean>;
  /** Whether nobody else has taken the letter since. A failed one counts one attempt more. Done twice, it counts once. */
  settle(queue: string, id: string, claim: string, outcome: LetterOutcome): Promise<boolean>;
  /** By hand. */
  resolve(queue: string, id: string, resolution: string): Promise<LetterResolution>;
  /**
   * Asks for a replay, whoever runs the queue's handler. Asked for twice, also while a replay goes on, it is one request. It stays until a
   * replay has come to something, the letter is resolved, or it is dropped; a replay that vanishes or is given up leaves it.
   */
  requestReplay(queue: string, id: string): Promise<ReplayRequest>;
  /** Letters whose replay is asked for and that nobody replays now, the oldest request first. Their ids. */
  askedReplays(queue: string, limit: number): Promise<readonly string[]>;
  /** Takes off the request of a letter that cannot be replayed. */
  dropRequest(queue: string, id: string): Promise<void>;
  /** Removes letters that were resolved so long ago, and no others. How many. */
  purge(queue: string, olderThanMs: number): Promise<number>;
  summary(queue: string): Promise<LetterSummary>;
  /** What of it is asked for again and again. */
  depth(queue: string): Promise<LetterDepth>;
  /** Names of all queues that have letters, sorted. */
  queues(): Promise<readonly string[]>;
}
