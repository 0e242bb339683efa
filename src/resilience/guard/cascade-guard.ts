import { QuarantinedFieldError } from "../../errors/quarantined-field-error.ts";
import { checkFunction, checkName } from "../../internal/check-name.ts";
import type { QuarantineMeta } from "./block.ts";
import { graphRunOf } from "./graph-config.ts";
import { GuardCounts, guardCounts } from "./guard-counts.ts";
import { GuardJournal } from "./guard-journal.ts";
import { type CascadeGuardOptions, checkGuardOptions, type RunKey } from "./guard-options.ts";
import type { GuardRun } from "./guard-run.ts";
import { GuardRuns } from "./guard-runs.ts";
import { NodeCall, type NodeFacts } from "./node-call.ts";
import { checkField, checkNodeOptions, type ProtectNodeOptions } from "./node-options.ts";
import { NodeView } from "./node-view.ts";
import { inPlace, placeOf } from "./place.ts";
import { sameShape } from "./same-shape.ts";

// biome-ignore lint/suspicious/noExplicitAny: the only type that every node is assignable to; nothing is read from it.
export type NodeFunction = (state: any, ...rest: any[]) => unknown;

/** Which run is meant: its id, or what LangGraph gives its nodes beside the state. @default the one that the caller is in */
export type RunChoice = string | object | undefined;

export interface ByHand {
  /** Who does it; goes into the ledger. */
  readonly actor: string;
  readonly run?: RunChoice;
}

/**
 * Keeps what a failed node has written from those that come after it. The fields of a node that failed are quarantined, and so is what
 * other nodes made from them; who reads such a field gets null. Only a newer good write, or a person, releases it.
 *
 * Lives in the memory of one process. Fields that no protected node reads or writes are none of its business.
 */
export class CascadeGuard {
  readonly name: string;
  readonly #runs: GuardRuns;
  readonly #journal: GuardJournal;
  readonly #runOf: (...args: readonly unknown[]) => RunKey;
  readonly #maxFields: number;
  /** Fields that the failure of some node quarantines. */
  readonly #declared = new Set<string>();

  /** @throws TypeError or RangeError that names the option, what it allows and the value. */
  constructor(options: CascadeGuardOptions = {}) {
    const checked = checkGuardOptions(options);
    const { metrics, ledger, runOf = graphRunOf } = options;
    const counts = metrics === undefined ? guardCounts : new GuardCounts(metrics);
    this.name = checked.name;
    this.#runOf = runOf;
    this.#maxFields = checked.maxFields;
    this.#journal = new GuardJournal(checked.name, counts, ledger, checked.clock);
    const blocked = this.#journal.blocked.bind(this.#journal);
    this.#runs = new GuardRuns({ ...checked, declared: this.#declared, blocked }, checked.maxRuns);
  }

  /**
   * A function of the same type as `fn` that runs under this guard. `fn` gets a copy of the state, with null in what may not be read, and
   * returns a new state, a part of one, or the state that it was given and has changed.
   *
   * @param name Low in cardinality: it becomes a metric label.
   * @throws TypeError on a bad option; RangeError on more than `maxFields` fields. The function throws what `fn` throws, the same error,
   *   and a TypeError where the state is no object.
   */
  protectNode<F extends NodeFunction>(name: string, options: ProtectNodeOptions, fn: F): F {
    checkName("protectNode", name);
    const node: NodeFacts = { name, ...checkNodeOptions(options) };
    if (typeof fn !== "function")
      throw new TypeError(`protectNode: the third argument must be a function, got ${typeof fn}`);
    this.#declare(node.fields);
    const enter = (self: unknown, args: readonly unknown[]): unknown => this.#call(node, fn, self, args);
    const protectedNode = function (this: unknown, ...args: unknown[]): unknown {
      return enter(this, args);
    };
    return sameShape(protectedNode, fn) as F;
  }

  /** Runs `fn`; all protected nodes that it calls belong to one run of its own, apart from all others. */
  run<T>(fn: () => T): T;
  /** The same, for a run of that id: it goes on with what was quarantined in it before. */
  run<T>(id: string, fn: () => T): T;
  run<T>(first: string | (() => T), second?: () => T): T {
    const fn = typeof first === "function" ? first : second;
    checkFunction("cascadeGuard.run", fn);
    if (typeof first === "string") checkName("cascadeGuard.run", first);
    const run = typeof first === "string" ? this.#runs.of(first) : this.#runs.create();
    return inPlace({ guard: this, run, isSaid: true, call: undefined }, fn as () => T);
  }

  /** Why a field may not be read, until it is released; within a node, why it got null or an older version. */
  why(field: string, run?: RunChoice): QuarantineMeta | undefined {
    checkField("cascadeGuard.why", field);
    const chosen = this.#chosen(run);
    const call = placeOf(this)?.call;
    const withheld = call?.run === chosen ? call.view.withheld.get(field) : undefined;
    return withheld === undefined ? chosen.meta(field) : chosen.explain(field, withheld);
  }

  /** All fields of a run that are not released. */
  quarantined(run?: RunChoice): readonly QuarantineMeta[] {
    const chosen = this.#chosen(run);
    return chosen.blocks.map((block) => chosen.explain(block.field, block));
  }

  /** A copy of a state as a node would get it: for what is not a node, as whoever reads the result of a graph. */
  view<S extends object>(state: S, run?: RunChoice): S {
    return this.#view(state, this.#chosen(run)).state as S;
  }

  /**
   * A field of a state. After the quarantine's time the last good version, where there is one.
   *
   * @throws QuarantinedFieldError where a reader would get null because of a quarantine.
   */
  readStrict<S extends object, K extends keyof S & string>(state: S, field: K, run?: RunChoice): S[K] {
    checkField("cascadeGuard.readStrict", field);
    const call = placeOf(this)?.call;
    const view = call?.view.state === state ? call.view : this.#view(state, this.#chosen(run));
    const value = Reflect.get(view.state, field) as S[K];
    const withheld = view.withheld.get(field);
    if (withheld === undefined || value !== null) return value;
    this.#journal.withheld(call?.attempt.node, field, withheld);
    throw new QuarantinedFieldError(field, withheld.reason, withheld.by);
  }

  /** Says that what a field holds is bad, although its node did not fail, and with it all that was made from it. */
  quarantine(field: string, { actor, run }: ByHand): void {
    checkField("cascadeGuard.quarantine", field);
    checkName("cascadeGuard.quarantine: actor", actor);
    this.#chosen(run).quarantine(field, actor);
    this.#journal.byHand(field, "quarantined", actor);
  }

  /** Says that what a field holds is good. What was made from it stays as it is. @returns Whether anything was held back. */
  release(field: string, { actor, run }: ByHand): boolean {
    checkField("cascadeGuard.release", field);
    checkName("cascadeGuard.release: actor", actor);
    const held = this.#chosen(run).release(field);
    if (held) this.#journal.byHand(field, "released", actor);
    return held;
  }

  #call(node: NodeFacts, fn: NodeFunction, self: unknown, args: readonly unknown[]): unknown {
    const [state, ...rest] = args;
    if (typeof state !== "object" || state === null || Array.isArray(state)) {
      const got = state === null ? "null" : Array.isArray(state) ? "a list" : typeof state;
      throw new TypeError(`node ${JSON.stringify(node.name)}: the state must be an object, got ${got}`);
    }
    const place = this.#placeOf(args);
    const call = new NodeCall(node, { runs: this.#runs, ...place }, state, rest);
    for (const [field, verdict] of call.view.withheld) {
      if (node.reads === undefined || node.reads.has(field))
        this.#journal.withheld(node.name, field, verdict);
    }
    let result: unknown;
    try {
      const { run, isSaid } = place;
      result = inPlace({ guard: this, run, isSaid, call }, () =>
        Reflect.apply(fn, self, [call.view.state, ...rest]),
      );
    } catch (error) {
      return call.threw(error);
    }
    return isThenable(result) ? settled(call, result) : call.returned(result);
  }

  #placeOf(args: readonly unknown[]) {
    const place = placeOf(this);
    const parent = place?.call?.attempt;
    if (place?.isSaid) return { run: place.run, isSaid: true, parent };
    const key = this.#runOf(...args);
    const run = key === undefined ? (place?.run ?? this.#runs.shared) : this.#runs.of(key);
    return { run, isSaid: false, parent: run === place?.run ? parent : undefined };
  }

  #chosen(choice: RunChoice): GuardRun {
    if (choice === undefined) return placeOf(this)?.run ?? this.#runs.shared;
    return this.#runs.of(typeof choice === "string" ? choice : this.#runOf(undefined, choice));
  }

  #view(state: object, run: GuardRun): NodeView {
    return new NodeView(state, run, this.#runs.lineageOf(run, state), undefined);
  }

  #declare(fields: readonly string[]): void {
    const all = new Set([...this.#declared, ...fields]);
    if (all.size > this.#maxFields) {
      throw new RangeError(
        `protectNode: quarantineOnFailure names ${all.size} fields in all, and maxFields allows ${this.#maxFields}`,
      );
    }
    for (const field of fields) this.#declared.add(field);
  }
}

async function settled(call: NodeCall, result: PromiseLike<unknown>): Promise<unknown> {
  let value: unknown;
  try {
    value = await result;
  } catch (error) {
    return call.threw(error);
  }
  return call.returned(value);
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, "then") === "function";
}

/** @see CascadeGuard */
export function cascadeGuard(options?: CascadeGuardOptions): CascadeGuard {
  return new CascadeGuard(options);
}
