import { type Attributes, type Context, type Span, SpanKind, trace } from "@opentelemetry/api";
import { activeScope } from "../../agent/active-scope.ts";
import { Call } from "../../agent/call.ts";
import { openTool } from "../../agent/told/told-calls.ts";
import { toldName } from "../../agent/told/told-name.ts";
import { redactMessage } from "../../internal/redact.ts";
import { safely } from "../../internal/warn-once.ts";
import { errorType } from "../../telemetry/error-type.ts";
import { type McpSide, mcpMetrics } from "../../telemetry/mcp-metrics.ts";
import * as names from "../../telemetry/semconv.ts";
import type { Message, Request } from "./messages.ts";

const CALLS_TOOL = "tools/call";
const MAX_URI = 512;

/** What is known of a request but not in it. */
export interface RequestFacts {
  readonly side: McpSide;
  /** `mcp.session.id`, `mcp.protocol.version`, `network.transport`, as far as they are known. */
  readonly session: Attributes;
  readonly parent: Context;
  readonly capture: boolean;
}

/** One request of the protocol, on the side that sends it or on the one that answers. */
export class RequestCall {
  readonly #call: Call | undefined;
  /** A tool's span that is there already, and tells of the same call. */
  readonly #around: Span | undefined;
  readonly #parent: Context;
  readonly #side: McpSide;
  readonly #method: string;
  readonly #tool: string | undefined;
  readonly #startedAt = performance.now();
  #ended = false;

  /** @throws the refusal of a limit, of a call of a tool. */
  constructor(request: Request, { side, session, parent, capture }: RequestFacts) {
    const { method, params } = request;
    this.#side = side;
    this.#method = method;
    this.#parent = parent;
    const target = toldName(params?.name, "");
    this.#tool = method === CALLS_TOOL && target !== "" ? target : undefined;
    const attributes: Attributes = {
      ...session,
      [names.ATTR_MCP_METHOD]: toldName(method, names.VALUE_OTHER),
      [names.ATTR_JSONRPC_REQUEST_ID]: String(request.id).slice(0, 128),
    };
    if (method === "prompts/get" && target !== "") attributes[names.ATTR_PROMPT_NAME] = target;
    if (typeof params?.uri === "string")
      attributes[names.ATTR_MCP_RESOURCE_URI] = redactMessage(params.uri).slice(0, MAX_URI);
    this.#around = side === "client" && this.#tool !== undefined ? toolSpan(parent, this.#tool) : undefined;
    if (this.#around !== undefined) this.#around.setAttributes(attributes);
    else this.#call = this.#opened(attributes, target, params?.arguments, capture);
  }

  /** For what is sent or done as part of it. */
  get context(): Context {
    return this.#call?.context ?? this.#parent;
  }

  run<T>(fn: () => T): T {
    return this.#call === undefined ? fn() : this.#call.run(fn);
  }

  answered({ result, error }: Message): void {
    if (error !== undefined) {
      const code = typeof error.code === "number" ? String(error.code) : names.VALUE_OTHER;
      if (this.#call !== undefined) this.#call.attributes[names.ATTR_RPC_STATUS_CODE] = code;
      else this.#around?.setAttribute(names.ATTR_RPC_STATUS_CODE, code);
      this.fail(named(code, typeof error.message === "string" ? error.message : "the request failed"));
    } else if (result?.isError === true) this.fail(named("tool_error", "the tool failed"));
    else this.#end(undefined, () => this.#call?.end());
  }

  cancelled(): void {
    this.fail(named("cancelled", "the request was cancelled"));
  }

  closed(): void {
    this.fail(named("connection_closed", "the connection was closed before the answer"));
  }

  fail(error: unknown): void {
    this.#end(errorType(error), () => this.#call?.fail(error));
  }

  #end(failure: string | undefined, end: () => void): void {
    if (this.#ended) return;
    this.#ended = true;
    end();
    safely("counting a request of the Model Context Protocol", () => {
      const seconds = (performance.now() - this.#startedAt) / 1_000;
      mcpMetrics.request(this.#side, [this.#method, this.#tool, failure], seconds);
    });
  }

  #opened(attributes: Attributes, target: string, args: unknown, capture: boolean): Call {
    const [side, parent, method] = [this.#side, this.#parent, attributes[names.ATTR_MCP_METHOD]];
    const named = this.#tool !== undefined || names.ATTR_PROMPT_NAME in attributes;
    const spanName = named ? `${String(method)} ${target}` : String(method);
    const spanKind = side === "client" ? SpanKind.CLIENT : SpanKind.SERVER;
    // The caller counts a call of a tool. The side that answers tells of it too, and is none: two would be counted where there is one.
    if (side === "client" && this.#tool !== undefined) {
      const look = { spanName, spanKind };
      return openTool(this.#tool, { parent, args: [args], attributes, look, type: "extension", capture });
    }
    if (this.#tool !== undefined) attributes[names.ATTR_TOOL_NAME] = this.#tool;
    return new Call(
      { spanName, spanKind, startAttributes: attributes },
      activeScope(parent),
      { ...attributes },
      undefined,
      parent,
    );
  }
}

/** The active span, where it is the call of just this tool: of a framework, or of the program's own `tool()`. */
function toolSpan(within: Context, tool: string): Span | undefined {
  const span = trace.getSpan(within);
  const attributes = (span as { readonly attributes?: Attributes } | undefined)?.attributes;
  const isCall = attributes?.[names.ATTR_OPERATION] === names.OP_EXECUTE_TOOL;
  return isCall && attributes[names.ATTR_TOOL_NAME] === tool ? span : undefined;
}

/** An error whose name is its class, as `error.type` wants it. */
function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
