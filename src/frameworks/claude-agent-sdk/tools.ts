import type { Context } from "@opentelemetry/api";
import type { Call } from "../../agent/call.ts";
import { captureToolResult } from "../../agent/capture.ts";
import { openTool } from "../../agent/told/told-calls.ts";
import { field, list, text } from "../../instrumentation/fields.ts";

/** How the CLI calls its tool that runs a subagent, now and before. */
const SUBAGENT_TOOLS = ["Agent", "Task"];
const MOST_OPEN = 1_000;

interface OpenTool {
  readonly call: Call;
  /** Of a tool that runs a subagent, until that has begun. */
  readonly subagent: { readonly type: string | undefined } | undefined;
}

/** Tools that the CLI is running, by the ids of their calls. */
export class Tools {
  readonly #open = new Map<string, OpenTool>();
  readonly #capture: boolean;

  constructor(capture: boolean) {
    this.#capture = capture;
  }

  /** @throws the refusal of a limit. */
  begin(input: unknown, parent: Context): void {
    const id = text(input, "tool_use_id");
    if (id === undefined || this.#open.has(id)) return;
    const name = text(input, "tool_name");
    const args = field(input, "tool_input");
    const call = openTool(name, { parent, args: [args], capture: this.#capture });
    const runsSubagent = name !== undefined && SUBAGENT_TOOLS.includes(name);
    const subagent = runsSubagent ? { type: text(args, "subagent_type") } : undefined;
    this.#open.set(id, { call, subagent });
    const [oldest] = this.#open.size > MOST_OPEN ? this.#open : [];
    if (oldest !== undefined) this.#close(oldest[0])?.leave();
  }

  end(input: unknown): void {
    const call = this.#close(text(input, "tool_use_id"));
    const answer = field(input, "tool_response");
    if (call !== undefined && this.#capture && answer !== undefined)
      captureToolResult(call.attributes, answer);
    call?.end();
  }

  failed(input: unknown): void {
    const call = this.#close(text(input, "tool_use_id"));
    if (field(input, "is_interrupt") === true) call?.leave();
    else call?.fail(toolError(text(input, "error")));
  }

  /** Of a tool that was refused no hook tells the end, but the model is told of it. */
  results(message: unknown): void {
    for (const block of list(field(message, "message"), "content")) {
      if (text(block, "type") !== "tool_result") continue;
      const call = this.#close(text(block, "tool_use_id"));
      if (field(block, "is_error") === true) call?.fail(toolError(text(block, "content")));
      else call?.end();
    }
  }

  /** The tool whose subagent begins: they are told of apart. */
  contextOfSubagent(input: unknown): Context | undefined {
    const type = text(input, "agent_type");
    for (const [id, { call, subagent }] of this.#open)
      if (subagent !== undefined && (subagent.type === undefined || subagent.type === type)) {
        this.#open.set(id, { call, subagent: undefined });
        return call.context;
      }
    return undefined;
  }

  leaveAll(): void {
    for (const id of [...this.#open.keys()]) this.#close(id)?.leave();
  }

  #close(id: string | undefined): Call | undefined {
    const open = this.#open.get(id ?? "");
    this.#open.delete(id ?? "");
    return open?.call;
  }
}

/** What a tool says of its failure may be its output: only the first line. */
function toolError(said: string | undefined): Error {
  return Object.assign(new Error(said?.split("\n", 1)[0] ?? ""), { name: "ToolError" });
}
