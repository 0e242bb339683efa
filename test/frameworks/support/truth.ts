import type { TokenUsage } from "../../../src/cost/token-usage.ts";
import {
  BILLING,
  type CaseName,
  FIRST,
  RESEARCHER,
  SEARCH,
  SECOND,
  THIRD,
  TRIAGE,
  type Ways,
} from "./scene.ts";
import { modelText, priceOf, type View } from "./view.ts";

/** What a run of the case must look like, given what the provider was told to answer. */
export function truth(
  name: CaseName,
  vendor: string,
  model: string,
  { toolName = SEARCH, delegate }: Ways,
): View {
  const asks = (agent: string, usage: TokenUsage | undefined) => modelText(agent, model, usage);
  const costOf = (...usages: readonly TokenUsage[]) =>
    usages.reduce((sum, usage) => sum + priceOf(vendor, model, usage), 0);
  const none = { agents: [RESEARCHER], tools: [], handoffs: [], models: [], cost: 0 };
  switch (name) {
    case "plain":
    case "stream":
      return { ...none, models: [asks(RESEARCHER, FIRST)], cost: costOf(FIRST) };
    case "tool":
      return {
        ...none,
        tools: [`${toolName} by ${RESEARCHER}`],
        models: [asks(RESEARCHER, FIRST), asks(RESEARCHER, SECOND)],
        cost: costOf(FIRST, SECOND),
      };
    case "handoff":
      if (delegate !== undefined)
        return {
          ...none,
          agents: [`${BILLING} by ${TRIAGE} in ${delegate.name}`, TRIAGE],
          tools: [`${delegate.name} by ${TRIAGE}`],
          models: [asks(BILLING, SECOND), asks(TRIAGE, FIRST), asks(TRIAGE, THIRD)],
          cost: costOf(FIRST, SECOND, THIRD),
        };
      return {
        ...none,
        agents: [`${BILLING} by ${TRIAGE}`, TRIAGE],
        handoffs: [`${TRIAGE} to ${BILLING}`],
        models: [asks(BILLING, SECOND), asks(TRIAGE, FIRST)],
        cost: costOf(FIRST, SECOND),
      };
    case "error":
      return {
        ...none,
        agents: [`${RESEARCHER}, failed`],
        models: [`${asks(RESEARCHER, undefined)}, failed`],
      };
    case "abort":
      return { ...none, models: [asks(RESEARCHER, undefined)] };
  }
}
