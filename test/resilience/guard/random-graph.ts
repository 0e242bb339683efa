import { FAILURE_FIELD } from "../../../src/resilience/failure-mark.ts";
import type { ProtectNodeOptions } from "../../../src/resilience/guard/node-options.ts";
import { ManualClock } from "../../../src/testing/index.ts";
import { seeded } from "../breaker/random.ts";
import { isToken, Oracle, type Token, type Try } from "./oracle.ts";

type State = Record<string, unknown>;
type NodeFn = (state: State, plan: Plan) => State | Promise<State>;

/** What the test needs of a guard, so that it can be a naive one. */
export interface GuardLike {
  protectNode(name: string, options: ProtectNodeOptions, fn: NodeFn): NodeFn;
  why(field: string): unknown;
  view(state: State): State;
  quarantine(field: string, by: { readonly actor: string }): void;
  release(field: string, by: { readonly actor: string }): unknown;
}

export interface Violations {
  /** A node, or whoever looked at a state, got a version that was bad just then. */
  badReads: number;
  /** It got something else than it had to. */
  wrongReads: number;
  /** A field was held back or not, and had to be the other. */
  wrongHolds: number;
}

export interface Coverage {
  reads: number;
  nulls: number;
  tainted: number;
  lastGood: number;
}

type Ending = "works" | "throws" | "marks";

interface Plan {
  readonly ending: Ending;
  readonly style: "whole" | "part" | "mutated";
  readonly writes: Record<string, Token>;
  readonly child: { readonly node: number; readonly plan: Plan } | undefined;
  /** Until it may go on. */
  readonly gate: Promise<void> | undefined;
}

interface GraphNode {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly own: readonly string[];
  readonly call: NodeFn;
}

interface UnderWay {
  readonly open: () => void;
  readonly result: Promise<State>;
  readonly input: State;
  readonly plan: Plan;
}

const TTL = 1_000;

/** One random graph of nodes over fields, and a random run of it; counts where the guard and the oracle disagree. */
export class RandomGraph {
  readonly violations: Violations = { badReads: 0, wrongReads: 0, wrongHolds: 0 };
  readonly coverage: Coverage = { reads: 0, nulls: 0, tainted: 0, lastGood: 0 };
  readonly #random: () => number;
  readonly #guard: GuardLike;
  readonly #ownFields: number;
  readonly #clock = new ManualClock();
  readonly #oracle = new Oracle(TTL);
  readonly #fields: readonly string[];
  readonly #nodes: readonly GraphNode[];
  readonly #states: State[] = [];
  readonly #underWay: UnderWay[] = [];
  readonly #tries: Try[] = [];
  #nextId = 1;

  /** @param ownFields Of so many fields nodes say that their failure quarantines them. */
  constructor(
    seed: number,
    guardOf: (ttlMs: number, clock: ManualClock) => GuardLike,
    ownFields = Number.POSITIVE_INFINITY,
  ) {
    this.#ownFields = ownFields;
    this.#random = seeded(seed);
    this.#guard = guardOf(TTL, this.#clock);
    this.#fields = Array.from({ length: 2 + this.#below(5) }, (_, i) => `f${i}`);
    const isAcyclic = this.#chance(0.5);
    this.#nodes = Array.from({ length: 2 + this.#below(6) }, (_, i) => this.#node(i, isAcyclic));
    const start = this.#fields.filter(() => this.#chance(0.5));
    this.#states.push(Object.fromEntries(start.map((field) => [field, this.#token()])));
  }

  async play(steps: number): Promise<void> {
    for (let i = 0; i < steps; i++) {
      await this.#step();
      this.#compare();
    }
    while (this.#underWay.length > 0) await this.#finish();
    this.#compare();
  }

  async #step(): Promise<void> {
    const what = this.#random();
    if (what < 0.5) await this.#call(undefined);
    else if (what < 0.65) this.#begin();
    else if (what < 0.8) await this.#finish();
    else if (what < 0.87) this.#byHand("quarantine");
    else if (what < 0.9) this.#byHand("release");
    else this.#wait();
  }

  /** In an acyclic graph a node reads only fields that come before those that it writes. */
  #node(index: number, isAcyclic: boolean): GraphNode {
    const border = isAcyclic ? this.#below(this.#fields.length) : 0;
    const writes = this.#some(isAcyclic ? this.#fields.slice(border) : this.#fields);
    const reads = this.#some(isAcyclic ? this.#fields.slice(0, border) : this.#fields);
    const own = writes.filter((field) => this.#fields.indexOf(field) < this.#ownFields && this.#chance(0.8));
    for (const field of own) this.#oracle.declared.add(field);
    const options = { quarantineOnFailure: own, readsFrom: reads };
    const call = this.#guard.protectNode(`n${index}`, options, (state, plan) =>
      this.#run(index, state, plan),
    );
    return { reads, writes, own, call };
  }

  /** What a node does: looks at everything, calls another node, writes, and ends as it was planned to. */
  #run(index: number, state: State, plan: Plan): State | Promise<State> {
    const node = this.#nodes[index]!;
    const seen = this.#look(state, node.reads);
    const attempt = this.#oracle.begin(seen, node.reads, node.own, this.#tries.at(-1));
    if (plan.child !== undefined) {
      this.#tries.push(attempt);
      this.#try(plan.child.node, { ...state }, plan.child.plan);
      this.#tries.pop();
    }
    const end = (): State => this.#end(attempt, state, plan);
    return plan.gate === undefined ? end() : plan.gate.then(end);
  }

  #end(attempt: Try, state: State, plan: Plan): State {
    if (plan.ending === "throws") {
      Object.assign(state, plan.writes);
      this.#oracle.failed(attempt);
      throw new Error("failed");
    }
    if (plan.ending === "marks") {
      const others = Object.entries(plan.writes).filter(([field]) => !attempt.fields.includes(field));
      this.#oracle.failed(attempt, Object.fromEntries(others));
    } else this.#oracle.succeeded(attempt, plan.writes);
    const mark = plan.ending === "marks" ? { [FAILURE_FIELD]: { breaker: null } } : {};
    if (plan.style === "part") return { ...plan.writes, ...mark };
    if (plan.style === "whole") return { ...state, ...plan.writes, ...mark };
    return Object.assign(state, plan.writes, mark);
  }

  /** Compares all that a node sees with what it must see. */
  #look(state: State, reads: readonly string[]): ReadonlyMap<string, unknown> {
    const original = this.#entered;
    for (const field of this.#fields) {
      if (Object.hasOwn(original, field)) this.#oracle.met(field, original[field]);
    }
    for (const field of this.#fields) {
      if (Object.hasOwn(original, field) || reads.includes(field)) {
        this.#judge(field, original[field], state[field]);
      }
    }
    return new Map(Object.entries(state));
  }

  #judge(field: string, own: unknown, got: unknown): void {
    const expected = this.#oracle.expected(field, own);
    this.coverage.reads += 1;
    if (expected === null && own !== null) this.coverage.nulls += 1;
    if (isToken(expected) && !(isToken(own) && own.id === expected.id)) this.coverage.lastGood += 1;
    if (this.#oracle.isBad(got)) this.violations.badReads += 1;
    if (idOf(got) !== idOf(expected)) this.violations.wrongReads += 1;
  }

  /** After each step: what is held back, and what anybody would get from any state so far. */
  #compare(): void {
    for (const field of this.#fields) {
      if ((this.#guard.why(field) !== undefined) !== this.#oracle.isHeld(field)) {
        this.violations.wrongHolds += 1;
      }
    }
    const state = this.#pick(this.#states);
    for (const field of this.#fields) {
      if (Object.hasOwn(state, field)) this.#oracle.met(field, state[field]);
    }
    const view = this.#guard.view(state);
    for (const field of this.#fields) {
      const has = Object.hasOwn(state, field) || Object.hasOwn(view, field);
      if (has) this.#judge(field, state[field], view[field]);
      if (this.#oracle.isBad(state[field])) this.coverage.tainted += 1;
    }
  }

  /** The state that the node now entered was called with. */
  #entered: State = {};

  #try(node: number, input: State, plan: Plan): State | Promise<State> | undefined {
    this.#entered = input;
    try {
      return this.#nodes[node]!.call(input, plan);
    } catch {
      return undefined;
    }
  }

  async #call(gate: Promise<void> | undefined): Promise<void> {
    const input = this.#input();
    const node = this.#below(this.#nodes.length);
    const plan = this.#plan(node, gate, 0);
    const result = await this.#try(node, input, plan);
    if (result !== undefined) this.#keep(input, result, plan);
  }

  #begin(): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    const input = this.#input();
    const node = this.#below(this.#nodes.length);
    const plan = this.#plan(node, promise, 0);
    const result = this.#try(node, input, plan);
    if (result === undefined) return;
    const settled = Promise.resolve(result);
    settled.catch(() => {});
    this.#underWay.push({ open: resolve, result: settled, input, plan });
  }

  async #finish(): Promise<void> {
    const [call] = this.#underWay.splice(this.#below(this.#underWay.length || 1), 1);
    if (call === undefined) return;
    call.open();
    try {
      this.#keep(call.input, await call.result, call.plan);
    } catch {
      // It was to fail.
    }
  }

  /** The caller's state afterwards: what came back, put onto what it had, or onto what others have got by now. */
  #keep(input: State, result: State, plan: Plan): void {
    const { [FAILURE_FIELD]: _, ...fields } = result;
    const base = this.#chance(0.5) ? input : this.#states.at(-1)!;
    this.#states.push(plan.style === "part" || this.#chance(0.3) ? { ...base, ...fields } : result);
    if (plan.style !== "part") delete this.#states.at(-1)![FAILURE_FIELD];
    if (this.#states.length > 8) this.#states.shift();
  }

  #plan(node: number, gate: Promise<void> | undefined, depth: number): Plan {
    const ending = this.#random();
    const child = depth < 2 && this.#chance(0.15) ? this.#below(this.#nodes.length) : undefined;
    const writes = this.#nodes[node]!.writes.filter(() => this.#chance(0.9));
    return {
      ending: ending < 0.65 ? "works" : ending < 0.9 ? "throws" : "marks",
      style: this.#pick(["whole", "part", "mutated"] as const),
      writes: Object.fromEntries(writes.map((field) => [field, this.#token()])),
      child: child === undefined ? undefined : { node: child, plan: this.#plan(child, undefined, depth + 1) },
      gate,
    };
  }

  /** Mostly the newest state; else an old one, or one that was stored and read again. */
  #input(): State {
    const state = this.#chance(0.7) ? this.#states.at(-1)! : this.#pick(this.#states);
    return this.#chance(0.2) ? (JSON.parse(JSON.stringify(state)) as State) : state;
  }

  #byHand(act: "quarantine" | "release"): void {
    const field = this.#pick(this.#fields);
    this.#guard[act](field, { actor: "operator" });
    this.#oracle[act](field);
  }

  #wait(): void {
    const ms = this.#pick([1, TTL / 2, TTL]);
    this.#clock.advance(ms);
    this.#oracle.nowMs += ms;
  }

  #token(): Token {
    return { id: this.#nextId++ };
  }

  #some(fields: readonly string[]): readonly string[] {
    return fields.filter(() => this.#chance(0.45));
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#below(list.length)]!;
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #chance(part: number): boolean {
    return this.#random() < part;
  }
}

function idOf(value: unknown): unknown {
  return isToken(value) ? value.id : value;
}
