import type { Context } from "@opentelemetry/api";
import type { Call } from "../../agent/call.ts";
import { openAgent } from "../../agent/told/told-calls.ts";
import { readAnthropicUsage } from "../../cost/readers/anthropic.ts";
import { field, list, text } from "../../instrumentation/fields.ts";
import { reportFailure, safely } from "../../internal/warn-once.ts";
import { reportModelCall } from "./report-model-call.ts";
import { type TranscriptCall, wholeTranscript } from "./transcript.ts";

const MOST_OPEN = 1_000;
/** Of a message that only the answer of the tool tells of. */
const UNSEEN = "";
const OVER = ["completed", "failed", "killed", "stopped"];

interface Subagent {
  readonly call: Call;
  /** Ids of its model calls that have been told of. */
  readonly told: Set<string>;
  /** Those that were seen, of which the CLI passes on only the beginning. */
  readonly seen: Map<string, TranscriptCall>;
  /** Settles when the transcript is whole and told of. Never rejects. */
  reading: Promise<void> | undefined;
  hasTranscript: boolean;
  /** Its tool has ended before it. */
  inBackground: boolean;
  closed: boolean;
}

/** Subagents that are at work, by their ids. */
export class Subagents {
  readonly #open = new Map<string, Subagent>();
  /** Those that are over, but for their transcripts. */
  readonly #settling = new Map<Subagent, (call: Call) => void>();
  readonly #provider: string;
  readonly #refused: (refusal: unknown) => void;

  constructor(provider: string, refused: (refusal: unknown) => void) {
    this.#provider = provider;
    this.#refused = refused;
  }

  contextOf(id: string | undefined): Context | undefined {
    return this.#open.get(id ?? "")?.call.context;
  }

  /** @throws the refusal of a limit. */
  begin(input: unknown, parent: Context): void {
    const id = text(input, "agent_id");
    if (id === undefined || this.#open.has(id)) return;
    // Its question is not told: no two calls of it are known to be the same.
    const call = openAgent(text(input, "agent_type"), { parent, args: [id] });
    this.#open.set(id, {
      call,
      told: new Set(),
      seen: new Map(),
      reading: undefined,
      hasTranscript: false,
      inBackground: false,
      closed: false,
    });
    const [oldest] = this.#open.size > MOST_OPEN ? this.#open : [];
    if (oldest !== undefined) this.#finish(oldest[0], (left) => left.leave());
  }

  assistant(message: unknown): void {
    const answer = field(message, "message");
    const id = text(answer, "id");
    const subagent = this.#open.get(text(message, "agent_id") ?? "");
    if (id === undefined || subagent === undefined || subagent.seen.has(id)) return;
    const asksTools = list(answer, "content").some((block) => text(block, "type") === "tool_use");
    subagent.seen.set(id, seenCall(id, text(answer, "model"), asksTools ? "tool_use" : undefined));
  }

  /** Its transcript has the tokens that messages do not. */
  stopping(input: unknown): void {
    const subagent = this.#open.get(text(input, "agent_id") ?? "");
    const path = text(input, "agent_transcript_path");
    if (subagent !== undefined && path !== undefined) subagent.reading = this.#read(subagent, path);
  }

  /** Waited for before the agent around them ends. */
  async settled(): Promise<void> {
    const subagents = [...this.#open.values(), ...this.#settling.keys()];
    await Promise.all(subagents.map(({ reading }) => reading));
  }

  /** The tool has its answer, with the tokens of the last model call alone. One that was started in the background goes on. */
  answered(input: unknown): void {
    const answer = field(input, "tool_response");
    const id = text(answer, "agentId");
    const subagent = this.#open.get(id ?? "");
    if (text(answer, "status") !== "completed") {
      if (subagent !== undefined) subagent.inBackground = true;
      return;
    }
    const usage = readAnthropicUsage(field(answer, "usage"));
    if (subagent !== undefined && usage !== undefined) {
      const last = [...subagent.seen.values()].at(-1);
      const isSeen = last !== undefined && last.stopReason !== "tool_use";
      const call = isSeen ? last : seenCall(UNSEEN, text(answer, "resolvedModel"), undefined);
      subagent.seen.set(call.id, { ...call, usage });
    }
    this.#finish(id, (call) => call.end());
  }

  system(message: unknown): void {
    const subtype = text(message, "subtype");
    if (subtype !== "task_notification" && subtype !== "task_updated") return;
    const status = text(message, "status") ?? text(field(message, "patch"), "status");
    if (status === undefined || !OVER.includes(status)) return;
    const id = text(message, "task_id");
    // The answer of its tool is about to come, and says more.
    if (status === "completed" && this.#open.get(id ?? "")?.inBackground !== true) return;
    this.#finish(id, (call) => {
      if (status === "failed")
        call.fail(Object.assign(new Error("the subagent failed"), { name: "SubagentError" }));
      else if (status === "completed") call.end();
      else call.leave();
    });
  }

  /** @param how `turn`: those in the background go on. */
  leaveAll(how: "turn" | "all"): void {
    for (const [subagent, how] of this.#settling) this.#close(subagent, how);
    const over = [...this.#open].filter(([, { inBackground }]) => how === "all" || !inBackground);
    for (const [id] of over.reverse()) this.#finish(id, (call) => call.leave(), false);
  }

  async #read(subagent: Subagent, path: string): Promise<void> {
    try {
      const calls = await wholeTranscript(path);
      subagent.hasTranscript = calls.length > 0;
      for (const call of calls) this.#tell(subagent, call);
    } catch (error) {
      reportFailure("reading a subagent's transcript", error);
    }
  }

  #finish(id: string | undefined, how: (call: Call) => void, waits = true): void {
    const subagent = this.#open.get(id ?? "");
    if (subagent === undefined) return;
    this.#open.delete(id ?? "");
    if (!waits || subagent.reading === undefined) {
      this.#close(subagent, how);
      return;
    }
    this.#settling.set(subagent, how);
    void subagent.reading.then(() => this.#close(subagent, how));
  }

  #close(subagent: Subagent, how: (call: Call) => void): void {
    this.#settling.delete(subagent);
    if (subagent.closed) return;
    for (const call of subagent.seen.values())
      if (call.id !== UNSEEN || !subagent.hasTranscript) this.#tell(subagent, call);
    subagent.closed = true;
    how(subagent.call);
  }

  #tell({ call, told, closed }: Subagent, modelCall: TranscriptCall): void {
    if (closed || told.has(modelCall.id)) return;
    told.add(modelCall.id);
    safely("a model call of a subagent", () => {
      const refusal = reportModelCall(modelCall, this.#provider, call.context);
      if (refusal !== undefined) this.#refused(refusal);
    });
  }
}

function seenCall(id: string, model: string | undefined, stopReason: string | undefined): TranscriptCall {
  const at = Date.now();
  return { id, model, startMs: at, endMs: at, usage: undefined, stopReason };
}
