import type { UsageBy } from "../../../spend/usage-totals.ts";
import { alignPoints, formatCost, formatCount } from "../../../telemetry/format-trace-numbers.ts";
import { type Column, type TableOptions, table } from "../ledger/table.ts";
import type { UsageLine } from "./report.ts";

/** Where it is not known who or what. */
const UNKNOWN: Readonly<Record<UsageBy, string>> = {
  agent: "(no agent)",
  model: "(not known)",
  provider: "(not known)",
  workflow: "(no name)",
  conversation: "(none)",
  caller: "(root)",
};
const NO_PRICE = "?";

interface UsageColumn extends Column {
  readonly cell: (line: UsageLine) => string;
  /** Amounts, whose points stand below each other. */
  readonly money?: boolean;
}

export function usageView(
  by: UsageBy,
  lines: readonly UsageLine[],
  total: UsageLine | undefined,
  options: TableOptions & { readonly as: string | undefined },
): string {
  const columns = columnsOf(by, options.as);
  const named = lines.map((line) => ({ ...line, name: line.name === "" ? UNKNOWN[by] : line.name }));
  const rows = total === undefined ? named : [...named, total];
  const cells = columns.map(({ cell, money }) => {
    const texts = rows.map(cell);
    return money === true ? alignPoints(texts) : texts;
  });
  return table(
    columns,
    rows.map((_, row) => cells.map((column) => column[row]!)),
    options,
  );
}

function columnsOf(by: UsageBy, as: string | undefined): readonly UsageColumn[] {
  const number = (title: string, cell: (line: UsageLine) => number | undefined): UsageColumn => ({
    title,
    align: "right",
    cell: (line) => {
      const value = cell(line);
      return value === undefined ? "" : formatCount(value);
    },
  });
  const money = (title: string, cell: (line: UsageLine) => number | null | undefined): UsageColumn => ({
    title,
    align: "right",
    money: true,
    cell: (line) => {
      const value = cell(line);
      return value === undefined ? "" : value === null ? NO_PRICE : formatCost(value);
    },
  });
  const hasRuns = by === "agent" || by === "workflow" || by === "caller";
  return [
    { title: by.toUpperCase(), share: 2, cell: ({ name }) => name },
    ...(hasRuns && as === undefined ? [number("RUNS", ({ runs }) => runs)] : []),
    number("CALLS", ({ calls }) => calls),
    number("TOKENS", ({ tokens }) => tokens),
    money("COST", ({ costUsd }) => costUsd),
    ...(by === "agent" && as === undefined ? [money("WITH BELOW", ({ subtree }) => subtree?.costUsd)] : []),
    ...(as === undefined
      ? []
      : [
          { ...money("AS", ({ asCostUsd }) => asCostUsd), title: `AS ${as}` },
          money("DIFFERENCE", ({ differenceUsd }) => differenceUsd),
        ]),
  ];
}
