import { AgentError } from "./agent-error.ts";

/** A call was not made: it is under a limit in money, and nobody knows what its model costs. Unknown is not free. */
export class UnpricedModelError extends AgentError {
  readonly code = "unpriced_model";
  readonly model: string | undefined;
  readonly provider: string | undefined;

  /** @param where The limit, as "limits: usd". */
  constructor(where: string, model: string | undefined, provider: string | undefined) {
    super(
      `${where}: no price is known for model "${model ?? "unknown"}" (provider ${provider ?? "unknown"}), and its calls are refused under a limit in money; ` +
        "give a price with the option prices of start() or the file named in AGENT_OTEL_PRICES",
    );
    this.model = model;
    this.provider = provider;
  }
}
