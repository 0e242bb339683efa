import { isModelOperation } from "../../agent/call-record.ts";
import { addCalls, addRuns, at, noCalls, noRuns } from "../../stores/usage/sums.ts";
import type {
  CallRow,
  CallSums,
  ConversationRow,
  RunRow,
  UsageBatch,
} from "../../stores/usage/usage-store.ts";
import type { CallRecord } from "../../telemetry/call-record.ts";

/** So many different conversations, agents and models between two writes; then it is time to write. */
const MANY = 5_000;
/** Conversations are without number: while nothing can be written, those beyond are counted by agent and model only. */
const MOST_CONVERSATIONS = 20_000;

/** Adds up finished calls until they are written: a look-up and a few additions for each. */
export class UsageBuffer {
  #calls = new Map<string, CallRow>();
  #conversations = new Map<string, ConversationRow>();
  #runs = new Map<string, RunRow>();

  /** Whether there is something to write. */
  get isEmpty(): boolean {
    return this.#calls.size + this.#conversations.size + this.#runs.size === 0;
  }

  get isFull(): boolean {
    return this.#calls.size + this.#conversations.size + this.#runs.size >= MANY;
  }

  /** @param day `2026-11-21`. */
  record(call: CallRecord, day: string): void {
    if (isModelOperation(call.operation)) this.#addCall(call, day);
    else if (call.operation === "invoke_agent") this.#addRun(call, "agent", call.agent, day);
    else if (call.operation === "invoke_workflow") this.#addRun(call, "workflow", call.workflow, day);
  }

  /** @returns All that was added since the last time. */
  take(): UsageBatch {
    const batch = {
      calls: [...this.#calls.values()],
      conversations: [...this.#conversations.values()],
      runs: [...this.#runs.values()],
    };
    this.#calls = new Map();
    this.#conversations = new Map();
    this.#runs = new Map();
    return batch;
  }

  /** Puts back what could not be written. */
  giveBack({ calls, conversations, runs }: UsageBatch): void {
    for (const row of calls) {
      const { day, agent, provider, model } = row;
      addCalls(
        at(this.#calls, [day, agent, provider, model], () => ({ ...row, ...noCalls() })),
        row,
      );
    }
    for (const row of conversations)
      addCalls(
        at(this.#conversations, [row.day, row.conversation], () => ({ ...row, ...noCalls() })),
        row,
      );
    for (const row of runs) {
      const { day, kind, name, caller } = row;
      addRuns(
        at(this.#runs, [day, kind, name, caller], () => ({ ...row, ...noRuns() })),
        row,
      );
    }
  }

  #addCall(call: CallRecord, day: string): void {
    const { agent = "", provider = "", conversation } = call;
    const model = call.requestModel ?? call.responseModel ?? "";
    addTo(
      at(this.#calls, [day, agent, provider, model], () => ({ day, agent, provider, model, ...noCalls() })),
      call,
    );
    if (conversation !== undefined && this.#conversations.size < MOST_CONVERSATIONS)
      addTo(
        at(this.#conversations, [day, conversation], () => ({ day, conversation, ...noCalls() })),
        call,
      );
  }

  #addRun(call: CallRecord, kind: RunRow["kind"], name = "", day: string): void {
    const { caller = "", own, subtree } = call;
    const row = at(this.#runs, [day, kind, name, caller], () => ({ day, kind, name, caller, ...noRuns() }));
    row.runs += 1;
    if (call.errorType !== undefined) row.errors += 1;
    row.ownCalls += own?.calls ?? 0;
    row.ownTokens += own?.tokens ?? 0;
    row.ownCostNanoUsd += own?.costNanoUsd ?? 0;
    row.subtreeCalls += subtree?.calls ?? 0;
    row.subtreeTokens += subtree?.tokens ?? 0;
    row.subtreeCostNanoUsd += subtree?.costNanoUsd ?? 0;
  }
}

function addTo(sums: CallSums, call: CallRecord): void {
  const { inputTokens, outputTokens, costNanoUsd } = call;
  sums.calls += 1;
  if (call.errorType !== undefined) sums.errors += 1;
  sums.inputTokens += inputTokens ?? 0;
  sums.outputTokens += outputTokens ?? 0;
  sums.cacheReadTokens += call.cacheReadTokens ?? 0;
  sums.cacheWriteTokens += call.cacheWriteTokens ?? 0;
  sums.reasoningTokens += call.reasoningTokens ?? 0;
  sums.costNanoUsd += costNanoUsd ?? 0;
  if (costNanoUsd === undefined && (inputTokens !== undefined || outputTokens !== undefined))
    sums.unpricedCalls += 1;
}
