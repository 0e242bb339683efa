import { CheckpointDamagedError } from "../../errors/checkpoint-damaged-error.ts";
import { StoreTooNewError } from "../../errors/store-too-new-error.ts";
import { warnOnce } from "../../internal/warn-once.ts";
import type { RunRecord, StepRecord } from "../checkpoints/checkpoint-store.ts";
import { crashesOf } from "../checkpoints/decide-claim.ts";
import { FencedFolders } from "./fenced-folders.ts";
import type { Folder } from "./folder-files.ts";
import { filesIn, fileText, replaceFile } from "./folder-files.ts";
import { readAllRecords, readRecord, readRecordFile, type SetAside } from "./read-record.ts";
import {
  identityOf,
  identityText,
  type RunIdentity,
  type RunState,
  stateOf,
  stateText,
  stepOf,
} from "./run-text.ts";
import { MAX_FILE_BYTES } from "./sealed-text.ts";

const IDENTITY = "run.json";
const STATE = "status.json";
const STEP = /^step-(\d{6,9})\.json$/;
export function stepName(seq: number): string {
  return `step-${String(seq).padStart(6, "0")}.json`;
}

/** A run without what its steps returned. */
export interface FoundRun {
  readonly folder: Folder;
  readonly identity: RunIdentity;
  readonly state: RunState;
  /** How many are committed. */
  readonly steps: number;
}

/** What becomes of a run among others that a newer version has written. */
export type Newer = "skip" | "refuse";

export interface FoundState {
  readonly folder: Folder;
  readonly state: RunState;
}

/** Runs as they stand in their folders. What cannot be read is set aside, and said. */
export class RunFolders {
  readonly folders: FencedFolders;

  constructor(root: string) {
    this.folders = new FencedFolders(root);
  }

  /** @throws CheckpointDamagedError, StoreTooNewError; what the file system says. */
  find(hash: string): Promise<FoundRun | undefined> {
    return this.#stable(hash, (folder) => this.at(folder));
  }

  /** As it is in a folder; `undefined`: something is missing, or another one has taken the folder. @throws as `find`. */
  async at(folder: Folder): Promise<FoundRun | undefined> {
    const identity = await this.identity(folder);
    const state = identity && (await this.state(folder));
    // After the state: a run that is completed then has all of its steps.
    const names = state && (await filesIn(folder));
    if (names === undefined) return undefined;
    return { folder, identity: identity!, state: state!, steps: await this.#stepsIn(folder, names) };
  }

  identity(folder: Folder): Promise<RunIdentity | undefined> {
    return this.#read(folder, IDENTITY, (path, text) => identityOf(path, text, folder.hash));
  }

  /** @throws as `find`. */
  findState(hash: string): Promise<FoundState | undefined> {
    return this.#stable(hash, async (folder) => {
      const state = await this.state(folder);
      return state && { folder, state };
    });
  }

  state(folder: Folder): Promise<RunState | undefined> {
    return this.#read(folder, STATE, (path, text) => stateOf(path, text, folder.epoch));
  }

  /** `undefined`: another one has taken the folder. @throws as `find`. */
  async steps({ folder, steps }: FoundRun): Promise<readonly StepRecord[] | undefined> {
    const found: StepRecord[] = [];
    for (let seq = 0; seq < steps; seq++) {
      const step = await this.#read(folder, stepName(seq), (path, text) => stepOf(path, text, seq));
      if (step === undefined) return undefined;
      found.push(step);
    }
    return found;
  }

  /** Of all runs that can be read, those that fit. @throws as `find`. */
  async eachState(fits: (found: FoundState) => boolean, newer: Newer): Promise<readonly FoundState[]> {
    const all = await readAllRecords(this.folders, (hash) =>
      this.unlessDamaged(() => this.findState(hash), newer),
    );
    return all.filter(fits);
  }

  /** @returns What is there now; `undefined`: another one has taken the folder. */
  async write(folder: Folder, state: RunState): Promise<RunState | undefined> {
    const written = { ...state, epoch: folder.epoch };
    return (await replaceFile(folder, STATE, stateText(written))) ? written : undefined;
  }

  /** @returns `undefined`: there is one already. */
  async create(hash: string, identity: RunIdentity, state: RunState): Promise<FoundRun | undefined> {
    const files = { [IDENTITY]: identityText(identity), [STATE]: stateText(state) };
    const folder = await this.folders.create(hash, files);
    return folder && { folder, identity, state, steps: 0 };
  }

  /** What cannot be read has been said, and others go on. */
  async unlessDamaged<T>(read: () => Promise<T>, newer: Newer): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (error instanceof CheckpointDamagedError) return undefined;
      if (newer === "skip" && error instanceof StoreTooNewError) return undefined;
      throw error;
    }
  }

  #stable<T>(hash: string, read: (folder: Folder) => Promise<T | undefined>): Promise<T | undefined> {
    return readRecord(this.folders, hash, read, this.#setAside);
  }

  async #stepsIn(folder: Folder, names: readonly string[]): Promise<number> {
    const seqs = names.flatMap((name) => STEP.exec(name)?.[1] ?? []).map(Number);
    if (!seqs.sort((a, b) => a - b).every((seq, i) => seq === i))
      await this.#setAside(folder, new TypeError("a step of it is missing"));
    return seqs.length;
  }

  #read<T>(folder: Folder, name: string, parse: (path: string, text: string) => T): Promise<T | undefined> {
    return readRecordFile(folder, name, parse, this.#setAside);
  }

  readonly #setAside: SetAside = async (folder, error, name) => {
    const id = (await this.#idIn(folder, name)) ?? folder.hash;
    const movedTo = await this.folders.setAside(folder);
    const reason = name === undefined ? error.message : `${name}: ${error.message}`;
    const damage = new CheckpointDamagedError(id, reason, movedTo, error);
    warnOnce(`checkpoint-damaged:${folder.hash}`, damage.message);
    throw damage;
  };

  /** A run whose other files are damaged still has a name. */
  async #idIn(folder: Folder, damaged: string | undefined): Promise<string | undefined> {
    if (damaged === IDENTITY) return undefined;
    try {
      const text = await fileText(folder, IDENTITY, MAX_FILE_BYTES);
      return text && identityOf(IDENTITY, text, folder.hash).id;
    } catch {
      return undefined;
    }
  }
}

/** As the interface has it. */
export function shownRun({ identity, state, folder, steps }: FoundRun): RunRecord {
  const { crashedStep, ...shown } = state;
  return {
    ...identity,
    ...shown,
    epoch: folder.epoch,
    // Of one that took the run and has not come to write that, nothing is known.
    leaseUntilMs: state.epoch === folder.epoch ? state.leaseUntilMs : 0,
    crashes: crashesOf({ crashes: state.crashes, crashedStep, steps }),
  };
}
