import { contentCapture } from "../../agent/content/capture-mode.ts";
import { isAgentError } from "../../errors/agent-error.ts";
import { reportFailure } from "../../internal/warn-once.ts";
import { chainRun, classOf, NodeRun } from "./chains.ts";
import { isAbort, isBubbleUp } from "./commands.ts";
import { followLangChain } from "./context-source.ts";
import { GraphRun } from "./graph-run.ts";
import { handOver, handOverThrown } from "./handoffs.ts";
import { recorded } from "./messages.ts";
import { messagesOf, responseOf, usageOf } from "./model-answer.ts";
import { modelRequest } from "./model-request.ts";
import { ModelRun } from "./model-run.ts";
import { type AgentRule, agentRule, type LangChainOptions } from "./options.ts";
import type { Run } from "./run.ts";
import { runs } from "./run-registry.ts";
import { ToolRun } from "./tool-run.ts";

/** Of our handlers, whatever copy of the package has made them. */
export const HANDLER_NAME = "agent_otel";

type Metadata = Record<string, unknown> | undefined;

/** A callback handler of LangChain: see {@link agentOtelHandler}. */
export class AgentOtelHandler {
  readonly name = HANDLER_NAME;
  /** LangChain would call it in a queue later, when the request is on its way and the times are wrong. */
  readonly awaitHandlers = true;
  /** The refusals of limits go to the program; nothing else is thrown here. */
  readonly raiseError = true;
  readonly #rule: AgentRule;
  readonly #capture: boolean;

  constructor(rule: AgentRule, capture: boolean) {
    this.#rule = rule;
    this.#capture = capture;
    followLangChain();
  }

  handleChainStart(
    chain: unknown,
    inputs: unknown,
    runId: string,
    parentRunId?: string,
    _tags?: string[],
    metadata?: Metadata,
    _runType?: string,
    name?: string,
  ): void {
    begins(runId, metadata, () =>
      chainRun({ chain, inputs, parent: runs.get(parentRunId), metadata, name }, this.#rule),
    );
  }

  handleChainEnd(outputs: unknown, runId: string): void {
    ends("a chain", () => {
      const run = runs.get(runId);
      if (run instanceof NodeRun) handOver(run, outputs, this.#rule);
      runs.end(runId, { how: "end" });
    });
  }

  handleChainError(error: unknown, runId: string): void {
    ends("a chain", () => {
      const run = runs.get(runId);
      if (run === undefined) return;
      handOverThrown(run, error, this.#rule);
      runs.end(runId, isBubbleUp(error) ? { how: "end" } : { how: "fail", error });
      // LangGraph does not tell the end of a graph that was aborted while the program had a piece of its stream in hand.
      if (run.parent instanceof GraphRun && isAbort(error)) runs.leaveWhenQuiet(run.parent, 0);
    });
  }

  handleChatModelStart(
    _model: unknown,
    messages: unknown[][],
    runId: string,
    parentRunId?: string,
    extra?: Record<string, unknown>,
    _tags?: string[],
    metadata?: Metadata,
  ): void {
    begins(runId, metadata, () => {
      const run = new ModelRun(runs.get(parentRunId), modelRequest("chat", extra, metadata));
      if (contentCapture.active) run.told.input(recorded(messages[0]));
      return run;
    });
  }

  handleLLMStart(
    _model: unknown,
    prompts: string[],
    runId: string,
    parentRunId?: string,
    extra?: Record<string, unknown>,
    _tags?: string[],
    metadata?: Metadata,
  ): void {
    begins(runId, metadata, () => {
      const run = new ModelRun(runs.get(parentRunId), modelRequest("text_completion", extra, metadata));
      if (prompts[0] !== undefined) run.told.input(prompts[0]);
      return run;
    });
  }

  handleLLMNewToken(_token: string, _index: unknown, runId: string): void {
    const run = runs.get(runId);
    if (run instanceof ModelRun) run.chunk();
  }

  handleLLMEnd(
    result: unknown,
    runId: string,
    _parentRunId?: string,
    _tags?: string[],
    extra?: Record<string, unknown>,
  ): void {
    ends("a call of a model", () => {
      const run = runs.get(runId);
      if (run instanceof ModelRun) {
        if (extra?.cached === true) run.answeredFromCache();
        const usage = usageOf(result);
        if (usage !== undefined) run.told.usage(usage);
        run.told.response(responseOf(result));
        if (contentCapture.active) run.told.output(recorded(messagesOf(result)));
      }
      runs.end(runId, { how: "end" });
    });
  }

  handleLLMError(error: unknown, runId: string): void {
    fails(runId, error);
  }

  handleToolStart(
    tool: unknown,
    input: string,
    runId: string,
    parentRunId?: string,
    _tags?: string[],
    metadata?: Metadata,
    name = classOf(tool),
    callId?: string,
  ): void {
    begins(
      runId,
      metadata,
      () => new ToolRun({ name, input, parent: runs.get(parentRunId), callId, capture: this.#capture }),
    );
  }

  handleToolEnd(output: unknown, runId: string): void {
    ends("a tool", () => {
      const run = runs.get(runId);
      if (run instanceof ToolRun) run.returned(output, this.#rule);
      runs.end(runId, { how: "end" });
    });
  }

  handleToolError(error: unknown, runId: string): void {
    fails(runId, error);
  }

  handleRetrieverStart(
    retriever: unknown,
    query: string,
    runId: string,
    parentRunId?: string,
    _tags?: string[],
    metadata?: Metadata,
    name = classOf(retriever),
  ): void {
    const told = { name, input: query, parent: runs.get(parentRunId), capture: this.#capture };
    begins(runId, metadata, () => new ToolRun({ ...told, type: "datastore" }));
  }

  handleRetrieverEnd(_documents: unknown, runId: string): void {
    ends("a retriever", () => runs.end(runId, { how: "end" }));
  }

  handleRetrieverError(error: unknown, runId: string): void {
    fails(runId, error);
  }
}

/**
 * Makes a callback handler for LangChain.js and LangGraph.js: `graph.invoke(input, { callbacks: [agentOtelHandler()] })`. Graphs become
 * workflows or agents, their nodes agents, and calls of tools, retrievers and models what they are everywhere; see
 * docs/frameworks/langchain.md. Two of them tell of a run once.
 *
 * @throws TypeError when an option is unfit.
 */
export function agentOtelHandler(options: LangChainOptions = {}): AgentOtelHandler {
  return new AgentOtelHandler(agentRule("agentOtelHandler", options), options.capture ?? false);
}

function begins(runId: string, heldBy: unknown, make: () => Run): void {
  try {
    runs.begin(runId, heldBy, make);
  } catch (error) {
    if (isAgentError(error)) throw error;
    reportFailure("beginning a run of LangChain", error);
  }
}

function ends(what: string, end: () => void): void {
  try {
    end();
  } catch (error) {
    reportFailure(`ending ${what} of LangChain`, error);
  }
}

function fails(runId: string, error: unknown): void {
  ends("a run", () => runs.end(runId, isBubbleUp(error) ? { how: "end" } : { how: "fail", error }));
}
