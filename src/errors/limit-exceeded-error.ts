import { shownUsd } from "../internal/shown-usd.ts";
import { AgentError } from "./agent-error.ts";

export type LimitName = "iterations" | "modelCalls" | "toolCalls" | "usd" | "tokens";

/** What went beyond a limit. */
export interface LimitFacts {
  readonly limit: LimitName;
  readonly max: number;
  /** So far; in the unit of the limit: calls, tokens or US dollars. */
  readonly used: number;
  /** What the refused call would have added at most; 1 for calls. `undefined` where it is not known. */
  readonly asked: number | undefined;
  /** The agent whose iterations they are. */
  readonly agent?: string | undefined;
}

/** A call was not made, as the run has used up a limit of `limits()`. It holds until that run ends, so trying again is in vain. */
export class LimitExceededError extends AgentError {
  readonly code = "limit_exceeded";
  readonly limit: LimitName;
  readonly max: number;
  readonly used: number;
  readonly asked: number | undefined;
  readonly agent: string | undefined;

  /** @param run The name of the run. */
  constructor(run: string, { limit, max, used, asked, agent }: LimitFacts) {
    const whose = agent === undefined ? "" : ` of agent "${agent}"`;
    const more = asked === undefined || used >= max ? "" : `, and the call may need ${shown(limit, asked)}`;
    super(
      `${run} may use ${shown(limit, max)}${whose} and has used ${shown(limit, used)}${more}; the limit ends with this run`,
    );
    this.limit = limit;
    this.max = max;
    this.used = used;
    this.asked = asked;
    this.agent = agent;
  }
}

const UNITS: Readonly<Record<LimitName, string>> = {
  iterations: "iterations",
  modelCalls: "model calls",
  toolCalls: "tool calls",
  usd: "",
  tokens: "tokens",
};

function shown(limit: LimitName, amount: number): string {
  if (limit === "usd") return shownUsd(amount);
  return `${amount.toLocaleString("en-US")} ${UNITS[limit]}`;
}
