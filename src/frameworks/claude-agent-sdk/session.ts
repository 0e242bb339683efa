import type { Context } from "@opentelemetry/api";
import { activeContext, activeScope, applyInScope } from "../../agent/active-scope.ts";
import { isAgentError } from "../../errors/agent-error.ts";
import { field, text } from "../../instrumentation/fields.ts";
import { safely } from "../../internal/warn-once.ts";
import { MainCalls } from "./main-calls.ts";
import type { ClaudeAgentOptions } from "./options.ts";
import { providerOfCli } from "./provider.ts";
import { Subagents } from "./subagents.ts";
import { Tools } from "./tools.ts";
import { Turn } from "./turn.ts";

/** What one `query` does, in as many turns as its prompt has messages. */
export class Session {
  /** What a limit has refused where only the reader of the messages can be stopped. */
  refusal: unknown;
  readonly #parent: Context = activeContext();
  readonly #open: () => Turn;
  readonly #tools: Tools;
  readonly #calls: MainCalls;
  readonly #subagents: Subagents;
  readonly #signal: unknown;
  readonly #showsPieces: boolean;
  #turn: Turn | undefined;
  #interrupted = false;

  /** @throws the refusal of a limit. */
  constructor(prompt: unknown, given: unknown, options: ClaudeAgentOptions) {
    const capture = options.capture === true;
    const name = options.name ?? text(given, "agent") ?? "claude";
    this.#showsPieces = field(given, "includePartialMessages") === true;
    this.#signal = field(field(given, "abortController"), "signal");
    this.#open = () => new Turn(name, this.#parent, typeof prompt === "string" ? prompt : undefined, capture);
    const provider = options.provider ?? providerOfCli(field(given, "env"));
    this.#calls = new MainCalls(provider, text(given, "model"), () => this.#context);
    this.#tools = new Tools(capture);
    this.#subagents = new Subagents(provider, (refusal) => this.#refused(refusal));
    this.#turn = this.#open();
  }

  /** Runs a piece of the program inside of the agent: tools that run in this process are called from there. */
  run<T>(fn: () => T): T {
    const context = this.#context;
    try {
      return applyInScope(context, activeScope(context), fn, undefined, []);
    } catch (error) {
      this.fail(error);
      throw error;
    }
  }

  /** What must be known before `message` is read. Settles at once but for a result that comes half a second after a subagent. */
  async before(message: unknown): Promise<void> {
    if (text(message, "type") === "result") await this.#subagents.settled();
  }

  /** @returns Whether the program has asked for messages of this kind. */
  message(message: unknown): boolean {
    this.#watch("a message of the Claude Agent SDK", () => this.#read(message));
    if (this.#showsPieces) return true;
    const kind = text(message, "type");
    const subtype = text(message, "subtype");
    return !(
      kind === "stream_event" ||
      (kind === "system" &&
        (subtype === "thinking_tokens" || (subtype === "status" && text(message, "status") === "requesting")))
    );
  }

  /** A hook of the SDK. Its answer changes nothing, but for a tool that a limit refuses. */
  async hook(input: unknown): Promise<object> {
    let answer = {};
    this.#watch("a hook of the Claude Agent SDK", () => {
      const refused = this.#hooked(input);
      if (refused !== undefined) answer = refused;
    });
    return answer;
  }

  interrupted(): void {
    this.#interrupted = true;
  }

  end(): void {
    this.#finish((turn) => turn.end());
  }

  leave(): void {
    this.#finish((turn) => turn.leave());
  }

  fail(error: unknown): void {
    if (this.#isLeft) this.leave();
    else this.#finish((turn) => turn.fail(error), error);
  }

  get #isLeft(): boolean {
    return this.#interrupted || field(this.#signal, "aborted") === true;
  }

  /** Of the turn, which a message of the agent begins where the one before is over. */
  get #context(): Context {
    this.#turn ??= this.#open();
    return this.#turn.context;
  }

  #read(message: unknown): void {
    const main = (field(message, "parent_tool_use_id") ?? null) === null;
    switch (text(message, "type")) {
      case "system":
        this.#calls.system(message);
        this.#subagents.system(message);
        break;
      case "stream_event":
        if (main) this.#calls.event(field(message, "event"));
        break;
      case "assistant":
        if (main) this.#calls.assistant(message);
        else this.#subagents.assistant(message);
        break;
      case "user":
        this.#tools.results(message);
        break;
      case "result":
        this.#result(message);
    }
  }

  #hooked(input: unknown): object | undefined {
    const subagent = this.#subagents.contextOf(text(input, "agent_id"));
    switch (text(input, "hook_event_name")) {
      case "PreToolUse":
        try {
          this.#tools.begin(input, subagent ?? this.#context);
        } catch (refusal) {
          return this.#denied(refusal);
        }
        break;
      case "PostToolUse":
        this.#subagents.answered(input);
        this.#tools.end(input);
        break;
      case "PostToolUseFailure":
        this.#tools.failed(input);
        break;
      case "SubagentStop":
        this.#subagents.stopping(input);
        break;
      case "SubagentStart":
        this.#subagents.begin(input, this.#tools.contextOfSubagent(input) ?? this.#context);
    }
    return undefined;
  }

  #denied(refusal: unknown): object {
    if (!isAgentError(refusal)) throw refusal;
    this.#refused(refusal);
    const permissionDecisionReason = refusal.message;
    return {
      hookSpecificOutput: {
        hookEventName: "PreToolUse",
        permissionDecision: "deny",
        permissionDecisionReason,
      },
    };
  }

  #result(message: unknown): void {
    if (field(message, "is_error") !== true || this.#isLeft)
      this.#finish((turn) => turn.end(), undefined, "turn");
    else {
      const errors = field(message, "errors");
      const said =
        Array.isArray(errors) && typeof errors[0] === "string" ? errors[0] : text(message, "result");
      const subtype = text(message, "subtype");
      const name =
        text(message, "api_error_type") ?? (subtype === "success" ? "api_error" : subtype) ?? "Error";
      const error = Object.assign(new Error(said ?? ""), { name });
      this.#finish((turn) => turn.fail(error), error, "turn");
    }
    this.#interrupted = false;
  }

  #finish(how: (turn: Turn) => void, error?: unknown, what: "turn" | "all" = "all"): void {
    safely("ending a turn of the Claude Agent SDK", () => {
      this.#calls.close(error);
      this.#tools.leaveAll();
      this.#subagents.leaveAll(what);
      const turn = this.#turn;
      this.#turn = undefined;
      if (turn !== undefined) how(turn);
    });
  }

  #refused(refusal: unknown): void {
    this.refusal ??= refusal;
  }

  #watch(what: string, fn: () => void): void {
    safely(what, () => {
      try {
        fn();
      } catch (error) {
        if (!isAgentError(error)) throw error;
        this.#refused(error);
      }
    });
  }
}
