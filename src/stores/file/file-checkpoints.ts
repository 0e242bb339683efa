import { setTimeout as wait } from "node:timers/promises";
import { type Clock, systemClock } from "../../internal/clock.ts";
import type {
  CheckpointStore,
  Claim,
  ClaimRequest,
  Hold,
  RunQuery,
  RunRecord,
  RunStatus,
  StepRecord,
} from "../checkpoints/checkpoint-store.ts";
import { decideClaim } from "../checkpoints/decide-claim.ts";
import { checkLease } from "../checkpoints/lease.ts";
import { runKey } from "../checkpoints/run-key.ts";
import type { Folder } from "./fenced-folders.ts";
import {
  type FoundRun,
  type FoundState,
  IDENTITY,
  RunFolders,
  recordOf,
  STATE,
  stepName,
} from "./run-folders.ts";
import { identityText, type RunState, stateText, stepText } from "./run-text.ts";
import { Turns } from "./turns.ts";

/** How often a run is asked for that others ask for as well. */
const TRIES = 200;
/** Who has taken a run writes so at once. Who has not after so many looks has ended in between. */
const SETTLING_LOOKS = 50;
const SETTLING_MS = 20;

/** Checkpoints in a folder, for the processes of one machine. @param clock Of leases: the same for all of them. */
export function fileCheckpoints(root: string, clock: Clock = systemClock): CheckpointStore {
  return new FileCheckpoints(root, clock);
}

class FileCheckpoints implements CheckpointStore {
  readonly #runs: RunFolders;
  readonly #clock: Clock;
  /** What one owner does himself, as to renew and to end, is done in turn; what others do is fenced off by the folder. */
  readonly #turns = new Turns();

  constructor(root: string, clock: Clock) {
    this.#runs = new RunFolders(root);
    this.#clock = clock;
  }

  claim(request: ClaimRequest): Promise<Claim> {
    return this.#inTurn(request.id, async (hash) => {
      checkLease(request.leaseMs);
      for (let tried = 0; tried < TRIES; tried++) {
        const found = await this.#settled(hash);
        const claim = await (found === undefined
          ? this.#begin(hash, request)
          : this.#claimFound(found, request));
        if (claim !== undefined) return claim;
      }
      throw new Error(`the workflow run ${JSON.stringify(request.id)} changes hands too fast to be taken`);
    });
  }

  /** A run as its owner has written it; as it is where nobody has in time. */
  async #settled(hash: string): Promise<FoundRun | undefined> {
    for (let look = 1; ; look++) {
      const found = await this.#runs.find(hash);
      if (found === undefined || found.state.epoch === found.folder.epoch) return found;
      if (look === SETTLING_LOOKS) return found;
      await wait(SETTLING_MS);
    }
  }

  async #begin(hash: string, request: ClaimRequest): Promise<Claim | undefined> {
    const { id, workflow, program, initial, owner, leaseMs, trace } = request;
    const nowMs = this.#clock.now();
    const identity = { id, workflow, program, initial, createdMs: nowMs };
    const state: RunState = {
      status: "running",
      epoch: 1,
      owner,
      leaseUntilMs: nowMs + leaseMs,
      crashes: 0,
      crashedStep: 0,
      trace,
      failure: undefined,
      updatedMs: nowMs,
    };
    const files = { [IDENTITY]: identityText(identity), [STATE]: stateText(state) };
    const folder = await this.#runs.folders.create(hash, files);
    if (folder === undefined) return undefined;
    return { kind: "claimed", isNew: true, run: recordOf(identity, state, folder, 0), steps: [] };
  }

  /** @returns `undefined`: another one was quicker. */
  async #claimFound(found: FoundRun, request: ClaimRequest): Promise<Claim | undefined> {
    const decision = this.#decide(found, request, found.state.epoch === found.folder.epoch);
    const run = shown(found);
    if (decision.kind === "held") return decision;
    if (decision.kind === "cancelled") return { kind: "cancelled", run };
    if (decision.kind === "changed" && !decision.marks) return { kind: "changed", run };
    if (decision.kind === "completed") {
      const steps = await this.#runs.steps(found);
      return steps && { kind: "completed", run, steps };
    }
    const folder = await this.#runs.folders.take(found.folder);
    // Its last owner may have written until then.
    const taken = folder && (await this.#runs.at(folder));
    return taken && this.#claimTaken(taken, request);
  }

  /** Nobody else writes to it now, but may take it in turn. */
  async #claimTaken(taken: FoundRun, request: ClaimRequest): Promise<Claim | undefined> {
    const { state } = taken;
    const nowMs = this.#clock.now();
    const decision = this.#decide(taken, request, false);
    const write = async (change: Partial<RunState>): Promise<RunRecord | undefined> => {
      const changed = await this.#write(taken.folder, { ...state, ...change });
      return changed && shown({ ...taken, state: changed });
    };
    if (decision.kind === "changed") {
      // The lease stays, so that its own program sees that an owner has vanished; it is over.
      const change = { status: "needs_attention", updatedMs: nowMs } as const;
      const run = await write(decision.marks ? change : {});
      return run && { kind: "changed", run };
    }
    const steps = await this.#runs.steps(taken);
    if (steps === undefined) return undefined;
    if (decision.kind === "crashed") {
      const { crashes, crashedStep } = decision;
      const change = { status: "needs_attention", crashes, crashedStep, leaseUntilMs: 0 } as const;
      const run = await write({ ...change, updatedMs: nowMs });
      return run && { kind: "crashed", run };
    }
    if (decision.kind !== "claimed") {
      // It was completed a moment before it was taken.
      await write({});
      return undefined;
    }
    const { owner, leaseMs, trace } = request;
    const { crashes, crashedStep } = decision;
    const held = { status: "running", owner, leaseUntilMs: nowMs + leaseMs, crashes, crashedStep } as const;
    const run = await write({ ...held, trace, failure: undefined, updatedMs: nowMs });
    return (
      run && {
        kind: "claimed",
        isNew: false,
        run: { ...run, trace: state.trace, failure: state.failure },
        steps,
      }
    );
  }

  /** @param counts Whether its lease still does: it ends with the folder that it was written in. */
  #decide({ identity, state, steps }: FoundRun, request: ClaimRequest, counts: boolean) {
    const nowMs = this.#clock.now();
    const leaseUntilMs = counts ? state.leaseUntilMs : Math.min(state.leaseUntilMs, 1);
    return decideClaim({ ...state, run: { ...identity, ...state, leaseUntilMs }, steps }, request, nowMs);
  }

  commit(hold: Hold, step: Omit<StepRecord, "atMs">): Promise<"committed" | "lost"> {
    const { seq, name, output, attempts } = step;
    return this.#held(hold, "lost", async (folder) => {
      const { folders } = this.#runs;
      if (seq > 0 && !(await folders.has(folder, stepName(seq - 1)))) return "lost";
      const text = stepText({ seq, name, output, attempts, atMs: this.#clock.now() });
      return (await folders.add(folder, stepName(seq), text)) === "added" ? "committed" : "lost";
    });
  }

  async renew(hold: Hold, leaseMs: number): Promise<boolean> {
    checkLease(leaseMs);
    return this.#held(hold, false, async (folder, state) => {
      return (
        (await this.#write(folder, { ...state, leaseUntilMs: this.#clock.now() + leaseMs })) !== undefined
      );
    });
  }

  end(hold: Hold, status: Exclude<RunStatus, "cancelled">, failure?: string): Promise<boolean> {
    return this.#held(hold, false, async (folder, state) => {
      const ended = { status, failure, leaseUntilMs: 0, updatedMs: this.#clock.now() };
      return (await this.#write(folder, { ...state, ...ended })) !== undefined;
    });
  }

  forget(hold: Hold): Promise<boolean> {
    return this.#held(hold, false, (folder) => this.#runs.folders.remove(folder));
  }

  /** @param lost What is answered where the hold is no longer good. */
  #held<T>({ id, epoch }: Hold, lost: T, work: (folder: Folder, state: RunState) => Promise<T>): Promise<T> {
    return this.#inTurn(id, async (hash) => {
      if (!(Number.isSafeInteger(epoch) && epoch >= 1)) return lost;
      const folder = this.#runs.folders.at(hash, epoch);
      const state = await this.#runs.state(folder);
      const isGood = state?.epoch === epoch && state.status === "running" && state.leaseUntilMs !== 0;
      return isGood ? work(folder, state) : lost;
    });
  }

  cancel(id: string): Promise<RunStatus | undefined> {
    return this.#decree(id, (status) =>
      status === "completed" || status === "cancelled" ? undefined : { status: "cancelled" },
    );
  }

  reopen(id: string): Promise<RunStatus | undefined> {
    return this.#decree(id, (status) =>
      status === "cancelled" || status === "needs_attention" ? { status: "running", crashes: 0 } : undefined,
    );
  }

  /** Changes a run over the head of its owner, whose hold is over then. @returns The status before. */
  #decree(
    id: string,
    choose: (status: RunStatus) => Partial<RunState> | undefined,
  ): Promise<RunStatus | undefined> {
    return this.#inTurn(id, async (hash) => {
      for (let tried = 0; tried < TRIES; tried++) {
        const found = await this.#runs.findState(hash);
        if (found === undefined || choose(found.state.status) === undefined) return found?.state.status;
        const folder = await this.#runs.folders.take(found.folder);
        const state = folder && (await this.#runs.state(folder));
        if (state === undefined) continue;
        // It may have been completed until it was taken.
        const change = choose(state.status);
        const over = { leaseUntilMs: 0, updatedMs: this.#clock.now() };
        if (await this.#write(folder!, change === undefined ? state : { ...state, ...change, ...over }))
          return state.status;
      }
      throw new Error(`the workflow run ${JSON.stringify(id)} changes hands too fast to be changed`);
    });
  }

  async read(id: string): ReturnType<CheckpointStore["read"]> {
    const hash = runKey(id);
    for (let tried = 0; tried < TRIES; tried++) {
      const found = await this.#runs.find(hash);
      if (found === undefined) return undefined;
      const steps = await this.#runs.steps(found);
      if (steps !== undefined) return { run: shown(found), steps };
    }
    throw new Error(`the workflow run ${JSON.stringify(id)} changes hands too fast to be read`);
  }

  async list({ workflow, status, limit }: RunQuery): Promise<readonly RunRecord[]> {
    const found = await this.#runs.eachState((each) => status === undefined || each.state.status === status);
    const newest = found.toSorted((a, b) => b.state.updatedMs - a.state.updatedMs);
    const listed: RunRecord[] = [];
    for (const { folder } of newest) {
      if (listed.length >= limit) break;
      const run = await this.#runs.unlessDamaged(() => this.#runs.find(folder.hash));
      const fits = run !== undefined && (workflow === undefined || run.identity.workflow === workflow);
      // It may have gone on since.
      if (fits && (status === undefined || run.state.status === status)) listed.push(shown(run));
    }
    return listed;
  }

  async sweep(workflow: string, olderThanMs: number): Promise<number> {
    const { folders } = this.#runs;
    const beforeMs = this.#clock.now() - olderThanMs;
    const isOld = ({ state }: FoundState) => state.status === "completed" && state.updatedMs <= beforeMs;
    let removed = 0;
    for (const { folder } of await this.#runs.eachState(isOld, "skip newer")) {
      const identity = await this.#runs.unlessDamaged(() => this.#runs.identity(folder));
      if (identity?.workflow === workflow && (await folders.remove(folder))) removed += 1;
    }
    await folders.clean();
    return removed;
  }

  /** @returns What is there now; `undefined`: another one has taken the folder. */
  async #write(folder: Folder, state: RunState): Promise<RunState | undefined> {
    const written = { ...state, epoch: folder.epoch };
    return (await this.#runs.folders.write(folder, STATE, stateText(written))) ? written : undefined;
  }

  async #inTurn<T>(id: string, work: (hash: string) => Promise<T>): Promise<T> {
    const hash = runKey(id);
    return this.#turns.take(hash, () => work(hash));
  }
}

function shown({ identity, state, folder, steps }: FoundRun): RunRecord {
  return recordOf(identity, state, folder, steps);
}
