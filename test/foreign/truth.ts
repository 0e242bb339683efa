import type { CallRecord } from "../../src/telemetry/call-record.ts";

/**
 * What is true of each recorded span that is a call: its place in the fixture, operation, agent (and who called it, after `<`),
 * provider or tool, model, tokens in, out, read from and written to the cache, reasoning, and cost in nano-dollars. In the order of
 * their ends; spans that are not here are no calls, or repeat one. `-`: the span does not say.
 *
 * By hand, from list prices per million tokens: gpt-4o-mini 0.15 in, 0.075 cached, 0.60 out; gpt-5 1.25, 0.125, 10; o3 2, -, 8;
 * claude-sonnet-5 2, 0.2, 10, cache writes 2.5 (5 min) and 4 (1 h); text-embedding-3-small 0.02; gemini-2.5-pro 1.25, -, 10.
 */
export const TRUTH: Readonly<Record<string, string>> = {
  opentelemetry: `
     0 chat         reporter openai gpt-4o-mini            1000 50   -   -  -  180000
     1 chat         reporter openai gpt-4o-mini            1000 50   -   -  -  180000
     2 chat         reporter openai gpt-4o-mini               -  -   -   -  -       -
     3 chat         reporter openai gpt-4o-mini            1000 50   -   -  -  180000
     4 chat         reporter openai gpt-5                  1000 50   -   -  - 1750000
     5 chat         reporter openai gpt-5                  1000 50   -   -  - 1750000
     6 embeddings   reporter openai text-embedding-3-small  200  0   -   -  -    4000
     7 chat         reporter openai o3                       20  5   -   -  -   80000
     8 chat         reporter openai gpt-4o-mini               -  -   -   -  -       -
     9 chat         reporter openai gpt-4o-mini               -  -   -   -  -       -`,
  // 4 has a cache of one hour; 7 was left early, before the count of output; 8 is the loop around 9 to 11, and no agent.
  anthropic: `
     0 chat         reporter anthropic claude-sonnet-5     1000 50 600 300  - 1570000
     1 chat         reporter anthropic claude-sonnet-5     1000 50 600 300  - 1570000
     2 chat         reporter anthropic claude-sonnet-5       20  5   0   0  -   90000
     3 chat         reporter anthropic claude-sonnet-5     1000 50 600 300  - 1570000
     4 chat         reporter anthropic claude-sonnet-5     1000 50   0 200  - 2900000
     5 chat         reporter anthropic claude-sonnet-5        -  -   -   -  -       -
     6 chat         reporter anthropic claude-sonnet-5     1000 50 600 300  - 1570000
     7 chat         reporter anthropic claude-sonnet-5     1000  0 600 300  - 1070000
     9 chat         reporter anthropic claude-sonnet-5     1000 50 600 300  - 1570000
    10 execute_tool reporter search    -                      -  -   -   -  -       -
    11 chat         reporter anthropic claude-sonnet-5     1000 50 600 300  - 1570000`,
  // 1 and 2 are streams, of which it has no tokens; 14 does not say that its cache is one of an hour; 20 repeats 21.
  openinference: `
     0 chat         reporter openai gpt-4o-mini            1000 50 600   - 30  135000
     1 chat         reporter openai gpt-4o-mini               -  -   -   -  -       -
     2 chat         reporter openai gpt-4o-mini               -  -   -   -  -       -
     3 chat         reporter openai gpt-4o-mini            1000 50 600   - 30  135000
     4 chat         reporter openai gpt-5                  1000 50 600   - 30 1075000
     5 chat         reporter openai gpt-5                  1000 50 600   - 30 1075000
     6 embeddings   reporter openai text-embedding-3-small    -  -   -   -  -       -
     7 chat         reporter openai o3                       20  5   0   -  0   80000
     8 chat         reporter openai gpt-4o-mini               -  -   -   -  -       -
    10 chat         reporter anthropic claude-sonnet-5     1000 50 600 300  - 1570000
    11 chat         reporter anthropic claude-sonnet-5     1000 50 600 300  - 1570000
    12 chat         reporter anthropic claude-sonnet-5       20  5   -   -  -   90000
    13 chat         reporter anthropic claude-sonnet-5     1000 50 600 300  - 1570000
    14 chat         reporter anthropic claude-sonnet-5     1000 50   - 200  - 2600000
    15 chat         reporter anthropic claude-sonnet-5        -  -   -   -  -       -
    18 execute_tool writer   search -                         -  -   -   -  -       -
    19 chat         writer   openai gpt-4o-mini            1000 50 600   - 30  135000
    17 invoke_agent writer<reporter - -                       -  -   -   -  -       -
    21 chat         reporter openai gpt-4o-mini            1000 50 600   - 30  135000`,
  // LangChain's spans are beside those of the client: 1, 7 and 9 are told again by 0, 6 and 8. Of the stream 3 the client's span
  // has no tokens, so 2 counts.
  langchain: `
     1 chat         reporter openai gpt-4o-mini            1000 50 600   - 30  135000
     3 chat         reporter openai gpt-4o-mini               -  -   -   -  -       -
     2 chat         reporter openai gpt-4o-mini            1000 50 600   - 30  135000
     7 chat         reporter openai gpt-4o-mini            1000 50 600   - 30  135000
     9 chat         reporter openai gpt-5                  1000 50 600   - 30 1075000
    10 embeddings   reporter openai text-embedding-3-small    -  -   -   -  -       -
    11 chat         reporter openai gpt-4o-mini               -  -   -   -  -       -`,
  // The tokens of the streams 1 and 2 are its own estimates, and its spans do not say so.
  openllmetry: `
     0 chat         reporter openai gpt-4o-mini            1000 50   -   -  -  180000
     1 chat         reporter openai gpt-4o-mini               4  1   -   -  -    1200
     2 chat         reporter openai gpt-4o-mini               4  1   -   -  -    1200
     3 chat         reporter openai gpt-4o-mini            1000 50   -   -  -  180000
     4 chat         reporter openai gpt-5                  1000 50   -   -  - 1750000
     5 chat         reporter openai gpt-5                     -  -   -   -  -       -
     6 chat         reporter openai o3                       20  5   -   -  -   80000
     7 chat         reporter openai gpt-4o-mini               -  -   -   -  -       -
     9 chat         reporter anthropic claude-sonnet-5     1000 50 600 300  - 1570000
    10 chat         reporter anthropic claude-sonnet-5     1000 50 600 300  - 1570000
    11 chat         reporter anthropic claude-sonnet-5       20  5   0   0  -   90000
    12 chat         reporter anthropic claude-sonnet-5     1000 50 600 300  - 1570000
    13 chat         reporter anthropic claude-sonnet-5     1000 50   0 200  - 2600000
    14 chat         reporter anthropic claude-sonnet-5        -  -   -   -  -       -
    17 execute_tool writer   search -                         -  -   -   -  -       -
    19 chat         writer   openai gpt-4o-mini            1000 50   -   -  -  180000
    16 invoke_agent writer<report - -                         -  -   -   -  -       -
    15 invoke_workflow -<reporter - -                         -  -   -   -  -       -`,
  // 2 is an estimate of its own; in 11 it counts the one token of the stream's first event once more.
  openlit: `
     0 chat         reporter openai gpt-4o-mini            1000 50 600   -  -  135000
     1 chat         reporter openai gpt-4o-mini            1000 50 600   -  -  135000
     2 chat         reporter openai gpt-4o-mini               4  1   -   -  -    1200
     3 chat         reporter openai gpt-4o-mini            1000 50 600   -  -  135000
     4 chat         reporter openai gpt-5                  1000 50 600   - 30 1075000
     5 chat         reporter openai gpt-5                  1000 50 600   - 30 1075000
     6 embeddings   reporter openai text-embedding-3-small  200  0   -   -  -    4000
     7 chat         reporter openai o3                       20  5   -   -  -   80000
     8 chat         reporter openai gpt-4o-mini               -  -   -   -  -       -
     9 chat         reporter openai gpt-4o-mini               -  -   -   -  -       -
    10 chat         reporter anthropic claude-sonnet-5     1000 50 600 300  - 1570000
    11 chat         reporter anthropic claude-sonnet-5     1000 51 600 300  - 1580000
    12 chat         reporter anthropic claude-sonnet-5       20  5   -   -  -   90000
    13 chat         reporter anthropic claude-sonnet-5     1000 50 600 300  - 1570000
    14 chat         reporter anthropic claude-sonnet-5     1000 50   - 200  - 2600000
    15 chat         reporter anthropic claude-sonnet-5        -  -   -   -  -       -`,
  // Objects (9) come without the parts of the usage. 20 to 22 is a call with one retry.
  "ai-sdk-6": `
     1 chat         reporter openai gpt-4o-mini            1000 50 600   - 30  135000
     3 chat         writer   openai gpt-5                  1000 50 600   0 30 1075000
     2 invoke_agent writer<reporter - -                       -  -   -   -  -       -
     5 chat         reporter anthropic claude-sonnet-5     1000 50 600 300  - 1570000
     7 chat         writer   openai gpt-4o-mini            1000 50 600   - 30  135000
     6 invoke_agent writer<reporter - -                       -  -   -   -  -       -
     9 chat         reporter openai gpt-4o-mini            1000 50   -   -  -  180000
    11 embeddings   reporter openai text-embedding-3-small  200  0   -   -  -    4000
    13 embeddings   reporter openai text-embedding-3-small  200  0   -   -  -    4000
    15 chat         writer   openai gpt-4o-mini            1000 50 600   - 30  135000
    16 execute_tool writer   search -                         -  -   -   -  -       -
    17 chat         writer   openai gpt-4o-mini            1000 50 600   - 30  135000
    14 invoke_agent writer<reporter - -                       -  -   -   -  -       -
    19 chat         reporter openai gpt-4o-mini               -  -   -   -  -       -
    21 chat         reporter openai gpt-4o-mini               -  -   -   -  -       -
    22 chat         reporter openai gpt-4o-mini            1000 50 600   - 30  135000`,
  "ai-sdk-otel-legacy": `
     1 chat         reporter openai gpt-4o-mini            1000 50 600   - 30  135000
     3 chat         writer   openai gpt-5                  1000 50 600   0 30 1075000
     2 invoke_agent writer<reporter - -                       -  -   -   -  -       -
     5 chat         reporter anthropic claude-sonnet-5     1000 50 600 300  - 1570000
     7 chat         writer   openai gpt-4o-mini            1000 50 600   - 30  135000
     6 invoke_agent writer<reporter - -                       -  -   -   -  -       -
     9 chat         reporter openai gpt-4o-mini            1000 50 600   - 30  135000
    11 embeddings   reporter openai text-embedding-3-small  200  0   -   -  -    4000
    13 embeddings   reporter openai text-embedding-3-small  200  0   -   -  -    4000
    16 execute_tool writer   search -                         -  -   -   -  -       -
    15 chat         writer   openai gpt-4o-mini            1000 50 600   - 30  135000
    17 chat         writer   openai gpt-4o-mini            1000 50 600   - 30  135000
    14 invoke_agent writer<reporter - -                       -  -   -   -  -       -
    19 chat         reporter openai gpt-4o-mini               -  -   -   -  -       -
    21 chat         reporter openai gpt-4o-mini            1000 50 600   - 30  135000`,
  // Its agents repeat the usage of their steps. Reasoning is not on its spans.
  "ai-sdk-otel": `
     2 chat         reporter openai gpt-4o-mini            1000 50 600   -  -  135000
     5 chat         writer   openai gpt-5                  1000 50 600   0  - 1075000
     3 invoke_agent writer<reporter openai gpt-5              -  -   -   -  -       -
     8 chat         reporter anthropic claude-sonnet-5     1000 50 600 300  - 1570000
    11 chat         writer   openai gpt-4o-mini            1000 50 600   -  -  135000
     9 invoke_agent writer<reporter openai gpt-4o-mini        -  -   -   -  -       -
    13 chat         reporter openai gpt-4o-mini            1000 50 600   -  -  135000
    15 embeddings   reporter openai text-embedding-3-small  200  0   -   -  -    4000
    17 embeddings   reporter openai text-embedding-3-small  200  0   -   -  -    4000
    20 chat         writer   openai gpt-4o-mini            1000 50 600   -  -  135000
    21 execute_tool writer   search -                         -  -   -   -  -       -
    23 chat         writer   openai gpt-4o-mini            1000 50 600   -  -  135000
    18 invoke_agent writer<reporter openai gpt-4o-mini        -  -   -   -  -       -
    26 chat         reporter openai gpt-4o-mini               -  -   -   -  -       -
    29 chat         reporter openai gpt-4o-mini            1000 50 600   -  -  135000`,
  // 8 carries every generation at once.
  generations: `
     0 chat            reporter openai gpt-4o-mini             1000 50   -   -  -  180000
     1 chat            reporter openai gpt-4o-mini             1000 50   -   -  -  180000
     2 text_completion reporter azure.ai.openai gpt-4o-mini    1000 50   -   -  -  180000
     3 chat            reporter gcp.vertex_ai gemini-2.5-pro   1000 50   -   -  - 1750000
     4 chat            reporter anthropic claude-sonnet-5      1000 50 600 300  - 1570000
     5 embeddings      reporter openai text-embedding-3-small   200  0   -   -  -    4000
     6 chat            reporter anthropic claude-sonnet-5      1000 50 600 300  - 1570000
     7 chat            reporter openai gpt-5                   1000 50 600   - 30 1075000
     8 chat            reporter anthropic claude-sonnet-5      1000 50 600 300  - 1570000
    11 chat            writer   openai gpt-4o-mini             1000 50   -   -  -  180000
    12 execute_tool    writer   search -                          -  -   -   -  -       -
    10 invoke_agent    writer<report - -                          -  -   -   -  -       -
     9 invoke_workflow -<reporter - -                             -  -   -   -  -       -
    13 chat            reporter openai gpt-4o-mini-2024-07-18  1000 50   -   -  -  180000
    14 text_completion reporter openai gpt-4o-mini             1000 50   -   -  -  180000
    15 chat            reporter anthropic claude-sonnet-5      1000 50 600 300  - 1570000
    16 chat            reporter openai gpt-4o-mini             1000 50   -   -  -  180000`,
};

/** The rows of a dialect, with single spaces. */
export function rowsOf(dialect: string): readonly string[] {
  return TRUTH[dialect]!.trim()
    .split("\n")
    .map((row) => row.trim().split(/\s+/).join(" "));
}

/** The row of a record. @param id The span's in its fixture. */
export function rowOf(id: number, record: CallRecord): string {
  const { operation, agent: name = "-", caller, tool, provider, responseModel, requestModel } = record;
  return [
    id,
    operation,
    caller === undefined ? name : `${name === "-" ? "" : name}<${caller}`.replace(/^</, "-<"),
    (operation === "execute_tool" ? tool : provider) ?? "-",
    responseModel ?? requestModel ?? "-",
    record.inputTokens ?? "-",
    record.outputTokens ?? "-",
    record.cacheReadTokens ?? "-",
    record.cacheWriteTokens ?? "-",
    record.reasoningTokens ?? "-",
    record.costNanoUsd ?? "-",
  ].join(" ");
}

/** What the calls of a dialect come to. */
export function sumsOf(rows: readonly string[]) {
  const columns = rows.map((row) => row.split(" "));
  return {
    calls: columns.length,
    tokens: sum(columns.flatMap((row) => row.slice(5, 7))),
    costNanoUsd: sum(columns.map((row) => row[10])),
  };
}

export function sum(values: readonly unknown[]): number {
  return values.map(Number).reduce((total, value) => total + (Number.isNaN(value) ? 0 : value), 0);
}
