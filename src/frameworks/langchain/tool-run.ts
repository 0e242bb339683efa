import type { Call } from "../../agent/call.ts";
import { captureToolResult } from "../../agent/capture.ts";
import { openHandoff, openTool, type ToldTool } from "../../agent/told/told-calls.ts";
import { toldName } from "../../agent/told/told-name.ts";
import { property } from "../../cost/readers/raw-usage.ts";
import { ATTR_TOOL_CALL_ID, ATTR_TRANSFER_MODE, ATTR_TRANSFER_TARGET } from "../../telemetry/semconv.ts";
import { noteGoTo } from "./handoffs.ts";
import type { AgentRule } from "./options.ts";
import { transferTarget } from "./roles.ts";
import { placeIn, Run } from "./run.ts";

/** What LangChain tells of a tool that begins. */
export interface ToldToolStart {
  readonly name: string | undefined;
  readonly input: unknown;
  readonly parent: Run | undefined;
  readonly callId?: string | undefined;
  readonly type?: "datastore";
  readonly capture: boolean;
}

/** A tool at work, or a handoff where that is what the tool is for. */
export class ToolRun extends Run {
  readonly #call: Call;
  readonly #capture: boolean;

  /** @throws the refusal of a limit. */
  constructor({ name, input, parent, callId, type, capture }: ToldToolStart) {
    const options: ToldTool = {
      parent: placeIn(parent),
      args: [input],
      capture,
      ...(type === undefined ? {} : { type }),
    };
    const target = name === undefined ? undefined : transferTarget(name);
    const call =
      target === undefined ? openTool(name, options) : openHandoff(target, "pass_control", options);
    if (callId !== undefined) call.attributes[ATTR_TOOL_CALL_ID] = callId;
    super(parent, call, call.context);
    this.#call = call;
    this.#capture = capture;
  }

  /** Reads what it has returned, before it ends. */
  returned(output: unknown, rule: AgentRule): void {
    const { attributes } = this.#call;
    const [target] = noteGoTo(this, output, rule);
    if (target !== undefined) {
      // The name of the node, where the tool's own is only like it.
      attributes[ATTR_TRANSFER_TARGET] = toldName(target, "agent");
      attributes[ATTR_TRANSFER_MODE] ??= "pass_control";
    }
    if (this.#capture) captureToolResult(attributes, property(output, "content") ?? output);
  }
}
