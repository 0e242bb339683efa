// The desk's own books: what was asked and billed, counted where it was billed, without a word of telemetry. Whoever doubts a dashboard
// compares it with these.
import { writeFileSync } from "node:fs";

/** US dollars per million tokens, input and output: the list prices of November 2026. */
const PRICES: Readonly<Record<string, readonly [input: number, output: number]>> = {
  "gpt-4o-mini": [0.15, 0.6],
  "gpt-4o": [2.5, 10],
  "claude-sonnet-4-6": [3, 15],
};

export interface Books {
  readonly requests: number;
  readonly failedRequests: number;
  readonly modelCalls: number;
  readonly failedModelCalls: number;
  readonly tokens: number;
  readonly costUsd: number;
  readonly byModel: Readonly<Record<string, { calls: number; tokens: number; costUsd: number }>>;
  /** How often each agent ran, and each tool. */
  readonly agents: Readonly<Record<string, number>>;
  readonly tools: Readonly<Record<string, number>>;
  readonly deadLetters: number;
}

export class Tally {
  readonly #models = new Map<string, { calls: number; failed: number; input: number; output: number }>();
  readonly #agents = new Map<string, number>();
  readonly #tools = new Map<string, number>();
  requests = 0;
  failedRequests = 0;
  deadLetters = 0;

  modelCall(model: string, input: number, output: number): void {
    const sums = this.#of(model);
    sums.calls += 1;
    sums.input += input;
    sums.output += output;
  }

  failedCall(model: string): void {
    const sums = this.#of(model);
    sums.calls += 1;
    sums.failed += 1;
  }

  agent(name: string): void {
    this.#agents.set(name, (this.#agents.get(name) ?? 0) + 1);
  }

  tool(name: string): void {
    this.#tools.set(name, (this.#tools.get(name) ?? 0) + 1);
  }

  books(): Books {
    const models = [...this.#models].sort(([a], [b]) => (a < b ? -1 : 1));
    const rows = models.map(([model, { calls, input, output }]) => {
      const [inputPrice, outputPrice] = PRICES[model]!;
      return [
        model,
        { calls, tokens: input + output, costUsd: (input * inputPrice + output * outputPrice) / 1e6 },
      ] as const;
    });
    return {
      requests: this.requests,
      failedRequests: this.failedRequests,
      modelCalls: rows.reduce((sum, [, { calls }]) => sum + calls, 0),
      failedModelCalls: models.reduce((sum, [, { failed }]) => sum + failed, 0),
      tokens: rows.reduce((sum, [, { tokens }]) => sum + tokens, 0),
      costUsd: rows.reduce((sum, [, { costUsd }]) => sum + costUsd, 0),
      byModel: Object.fromEntries(rows),
      agents: Object.fromEntries(this.#agents),
      tools: Object.fromEntries(this.#tools),
      deadLetters: this.deadLetters,
    };
  }

  /** Where the environment says so. */
  write(path: string | undefined): void {
    if (path) writeFileSync(path, `${JSON.stringify(this.books(), null, 2)}\n`);
  }

  #of(model: string): { calls: number; failed: number; input: number; output: number } {
    const sums = this.#models.get(model) ?? { calls: 0, failed: 0, input: 0, output: 0 };
    this.#models.set(model, sums);
    return sums;
  }
}
