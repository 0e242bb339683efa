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
import { checkLease } from "../checkpoints/lease.ts";
import { runKey } from "../checkpoints/run-key.ts";
import { claimRun } from "./claim-run.ts";
import type { Folder } from "./folder-files.ts";
import { addFile, hasFile } from "./folder-files.ts";
import { type FoundState, RunFolders, shownRun, stepName } from "./run-folders.ts";
import { type RunState, stepText } from "./run-text.ts";
import { Turns } from "./turns.ts";

/** How often a run is asked for that others ask for as well. */
const TRIES = 200;

/** Checkpoints in a folder, for the processes of one machine. @param clock Of leases: the same for all of them. */
export function fileCheckpoints(root: string, clock: Clock = systemClock): CheckpointStore {
  return new FileCheckpoints(root, clock);
}

class FileCheckpoints implements CheckpointStore {
  readonly #runs: RunFolders;
  readonly #now: () => number;
  /** What one owner does himself, as to renew and to end, is done in turn; what others do is fenced off by the folder. */
  readonly #turns = new Turns();

  constructor(root: string, clock: Clock) {
    this.#runs = new RunFolders(root);
    // The files take whole numbers alone.
    this.#now = () => Math.floor(clock.now());
  }

  claim(request: ClaimRequest): Promise<Claim> {
    return this.#inTurn(request.id, async (hash) => {
      checkLease(request.leaseMs);
      for (let tried = 0; tried < TRIES; tried++) {
        const claim = await claimRun(this.#runs, this.#now, hash, request);
        if (claim !== undefined) return claim;
      }
      throw new Error(`the workflow run ${JSON.stringify(request.id)} changes hands too fast to be taken`);
    });
  }

  commit(hold: Hold, step: Omit<StepRecord, "atMs">): Promise<"committed" | "lost"> {
    const { seq, name, output, attempts } = step;
    return this.#held(hold, "lost", async (folder) => {
      if (!(Number.isSafeInteger(seq) && seq >= 0)) return "lost";
      if (seq > 0 && !(await hasFile(folder, stepName(seq - 1)))) return "lost";
      const text = stepText({ seq, name, output, attempts, atMs: this.#now() });
      return (await addFile(folder, stepName(seq), text)) === "added" ? "committed" : "lost";
    });
  }

  async renew(hold: Hold, leaseMs: number): Promise<boolean> {
    checkLease(leaseMs);
    return this.#held(hold, false, async (folder, state) => {
      return (
        (await this.#runs.write(folder, { ...state, leaseUntilMs: this.#now() + leaseMs })) !== undefined
      );
    });
  }

  end(hold: Hold, status: Exclude<RunStatus, "cancelled">, failure?: string): Promise<boolean> {
    return this.#held(hold, false, async (folder, state) => {
      const ended = { status, failure, leaseUntilMs: 0, updatedMs: this.#now() };
      return (await this.#runs.write(folder, { ...state, ...ended })) !== undefined;
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
        const over = { leaseUntilMs: 0, updatedMs: this.#now() };
        if (await this.#runs.write(folder!, change === undefined ? state : { ...state, ...change, ...over }))
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
      if (steps !== undefined) return { run: shownRun(found), steps };
    }
    throw new Error(`the workflow run ${JSON.stringify(id)} changes hands too fast to be read`);
  }

  async list({ workflow, status, limit }: RunQuery): Promise<readonly RunRecord[]> {
    const isWanted = (each: FoundState) => status === undefined || each.state.status === status;
    const found = await this.#runs.eachState(isWanted, "refuse");
    const newest = found.toSorted((a, b) => b.state.updatedMs - a.state.updatedMs);
    const listed: RunRecord[] = [];
    for (const { folder } of newest) {
      if (listed.length >= limit) break;
      const run = await this.#runs.unlessDamaged(() => this.#runs.find(folder.hash), "refuse");
      const fits = run !== undefined && (workflow === undefined || run.identity.workflow === workflow);
      // It may have gone on since.
      if (fits && isWanted(run)) listed.push(shownRun(run));
    }
    return listed;
  }

  async sweep(workflow: string, olderThanMs: number): Promise<number> {
    const { folders } = this.#runs;
    const beforeMs = this.#now() - olderThanMs;
    const isOld = ({ state }: FoundState) => state.status === "completed" && state.updatedMs <= beforeMs;
    let removed = 0;
    for (const { folder } of await this.#runs.eachState(isOld, "skip")) {
      const identity = await this.#runs.unlessDamaged(() => this.#runs.identity(folder), "skip");
      if (identity?.workflow === workflow && (await folders.remove(folder))) removed += 1;
    }
    await folders.clean();
    return removed;
  }

  async #inTurn<T>(id: string, work: (hash: string) => Promise<T>): Promise<T> {
    const hash = runKey(id);
    return this.#turns.take(hash, () => work(hash));
  }
}
