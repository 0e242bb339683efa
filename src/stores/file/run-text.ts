import { parseJson } from "../../internal/plain-json.ts";
import type { RunRecord, RunStatus, StepRecord } from "../checkpoints/checkpoint-store.ts";
import type { CrashCount } from "../checkpoints/decide-claim.ts";
import { runKey } from "../checkpoints/run-key.ts";
import { sealed, unsealed } from "./sealed-text.ts";

/** What a run is from beginning to end. */
export type RunIdentity = Pick<RunRecord, "id" | "workflow" | "program" | "initial" | "createdMs">;

/** What becomes of it. */
export interface RunState extends CrashCount {
  readonly status: RunStatus;
  /** Under which it was written: of a folder that has a later one, whoever took it has not come to write it yet. */
  readonly epoch: number;
  readonly owner: string;
  readonly leaseUntilMs: number;
  readonly trace: string | undefined;
  readonly failure: string | undefined;
  readonly updatedMs: number;
}

const STATUSES: Readonly<Record<RunStatus, true>> = {
  running: true,
  completed: true,
  failed: true,
  cancelled: true,
  needs_attention: true,
};

// What is written has been read first: nobody finds a checkpoint damaged that a program of ours has written as it was told.

/** @throws TypeError, RangeError, SyntaxError where it could not be read again. */
export function identityText({ id, workflow, program, initial, createdMs }: RunIdentity): string {
  const text = sealed({ id, workflow, program, initial, createdMs });
  identityOf("", text, runKey(id));
  return text;
}

/** @throws as `identityText`. */
export function stateText({ trace, failure, ...state }: RunState): string {
  const text = sealed({ ...state, trace: trace ?? null, failure: failure ?? null });
  stateOf("", text, state.epoch);
  return text;
}

/** @throws as `identityText`. */
export function stepText({ seq, name, output, attempts, atMs }: StepRecord): string {
  const text = sealed({ seq, name, output, attempts, atMs });
  stepOf("", text, seq);
  return text;
}

/** @throws as `unsealed`. */
export function identityOf(path: string, text: string, hash: string): RunIdentity {
  const fields = new Fields(unsealed(path, text));
  const id = fields.text("id");
  if (runKey(id) !== hash) throw new TypeError("it is the run of another folder");
  return {
    id,
    workflow: fields.text("workflow"),
    program: json("program", fields.text("program")),
    initial: json("initial", fields.text("initial")),
    createdMs: fields.whole("createdMs"),
  };
}

/** @param epoch Of the folder. @throws as `unsealed`. */
export function stateOf(path: string, text: string, epoch: number): RunState {
  const fields = new Fields(unsealed(path, text));
  const status = fields.text("status");
  if (!Object.hasOwn(STATUSES, status)) throw new TypeError("its status is none");
  const state = {
    status: status as RunStatus,
    epoch: fields.whole("epoch"),
    owner: fields.text("owner"),
    leaseUntilMs: fields.whole("leaseUntilMs"),
    crashes: fields.whole("crashes"),
    crashedStep: fields.whole("crashedStep"),
    trace: fields.textOrNull("trace"),
    failure: fields.textOrNull("failure"),
    updatedMs: fields.whole("updatedMs"),
  };
  if (state.epoch < 1 || state.epoch > epoch) throw new TypeError("its epoch is not that of the folder");
  if (state.failure !== undefined) json("failure", state.failure);
  return state;
}

/** @throws as `unsealed`. */
export function stepOf(path: string, text: string, seq: number): StepRecord {
  const fields = new Fields(unsealed(path, text));
  if (fields.whole("seq") !== seq) throw new TypeError("it is another step");
  return {
    seq,
    name: fields.text("name"),
    output: json("output", fields.text("output")),
    attempts: fields.whole("attempts"),
    atMs: fields.whole("atMs"),
  };
}

/** The text, which is JSON that other parts will read. */
function json(what: string, text: string): string {
  parseJson(what, text);
  return text;
}

/** Takes nothing for granted. */
class Fields {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(fields: Readonly<Record<string, unknown>>) {
    this.#fields = fields;
  }

  text(name: string): string {
    const value = this.#own(name);
    if (typeof value !== "string") throw new TypeError(`its ${name} is no text`);
    return value;
  }

  textOrNull(name: string): string | undefined {
    return this.#own(name) === null ? undefined : this.text(name);
  }

  whole(name: string): number {
    const value = this.#own(name);
    if (!Number.isSafeInteger(value) || (value as number) < 0)
      throw new TypeError(`its ${name} is no whole number`);
    return value as number;
  }

  #own(name: string): unknown {
    return Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
  }
}
