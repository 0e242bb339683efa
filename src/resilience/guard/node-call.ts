import { FAILURE_FIELD, failureMark } from "../failure-mark.ts";
import type { Attempt } from "./attempt.ts";
import { setField } from "./copy-value.ts";
import { isGraphConfig, isGraphSignal } from "./graph-config.ts";
import type { GuardRun } from "./guard-run.ts";
import type { GuardRuns } from "./guard-runs.ts";
import type { CheckedNodeOptions } from "./node-options.ts";
import {
  type Fields,
  fieldsOf,
  isFieldObject,
  markIn,
  nulled,
  shallow,
  without,
  withoutMark,
} from "./node-result.ts";
import { NodeView } from "./node-view.ts";

export interface NodeFacts extends CheckedNodeOptions {
  readonly name: string;
}

export interface CallPlace {
  readonly runs: GuardRuns;
  readonly run: GuardRun;
  /** The node that called this one. */
  readonly parent: Attempt | undefined;
}

/** One call of a protected node: what it gets to see, and what becomes of what it returns or throws. */
export class NodeCall {
  readonly view: NodeView;
  readonly run: GuardRun;
  readonly attempt: Attempt;
  readonly #node: NodeFacts;
  readonly #runs: GuardRuns;
  readonly #state: object;
  readonly #lineage: object;
  readonly #inGraph: boolean;

  constructor(node: NodeFacts, { runs, run, parent }: CallPlace, state: object, rest: readonly unknown[]) {
    this.#node = node;
    this.#runs = runs;
    this.#state = state;
    this.run = run;
    this.#lineage = runs.lineageOf(run, state);
    this.#inGraph = isGraphConfig(rest[0]);
    this.view = new NodeView(state, run, this.#lineage, node.reads);
    runs.continues(this.#lineage, this.view.state);
    this.attempt = run.begin(node.name, node.fields, parent);
    this.attempt.sources = this.view.sources;
  }

  /** @returns What the caller gets in place of `result`. */
  returned(result: unknown): unknown {
    const all = fieldsOf(result === undefined ? this.view.state : result);
    const fields = withoutMark(all);
    const failed = !this.#node.trustFallback && this.view.isNewMark(markIn(all));
    const answer = failed ? this.#failedWith(result, fields) : this.#succeededWith(result, fields);
    this.#runs.continues(this.#lineage, answer);
    return answer;
  }

  /** @returns What the caller gets. @throws the same error, where the caller is to have it. */
  threw(error: unknown): unknown {
    if (isGraphSignal(error)) {
      this.run.abandon(this.attempt);
      throw error;
    }
    this.run.fail(this.attempt, [], this.#lineage);
    if (this.#node.onFailure === "rethrow") throw error;
    const mark = failureMark(error, this.#node.name, undefined);
    const answer = this.#inGraph ? {} : this.#maskedState();
    setField(answer, FAILURE_FIELD, mark);
    this.#runs.continues(this.#lineage, answer);
    return answer;
  }

  #succeededWith(result: unknown, fields: Fields): unknown {
    const writes = this.view.writes(fields);
    this.run.succeed(this.attempt, writes, this.#lineage);
    // A node that returns nothing has changed its state; a graph takes no notice of that.
    if (result === undefined && !this.#inGraph) {
      for (const [field, value] of writes) setField(this.#state, field, value);
    }
    return result;
  }

  /** A fallback answered in its place. What it wrote into the fields of the node goes no further. */
  #failedWith(result: unknown, fields: Fields): unknown {
    const own = this.#node.fields;
    const writes = this.view.writes(fields);
    if (!isFieldObject(result)) {
      this.run.fail(this.attempt, writes, this.#lineage);
      return result;
    }
    const others = writes.filter(([field]) => !own.includes(field));
    this.run.fail(this.attempt, others, this.#lineage);
    return this.#inGraph ? without(result, own) : nulled(result, own);
  }

  /** The state of the caller, its own values in it, with null in what may not be read. */
  #maskedState(): object {
    const state = shallow(this.#state);
    for (const field of this.view.withheld.keys())
      setField(state, field, Reflect.get(this.view.state, field));
    return nulled(state, this.#node.fields);
  }
}
