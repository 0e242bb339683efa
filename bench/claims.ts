// What a bench says when it is done, to the runner that started it or, run alone, to the terminal.

/** One promise, with its number. `bound` is the most that `measured` may be; without one it is published only. */
export interface Claim {
  readonly claim: string;
  readonly bound?: number;
  /** `undefined`: not run, for the reason in `note`. */
  readonly measured: number | undefined;
  readonly unit: "×" | "ns" | "ms" | "s" | "KiB" | "MiB";
  readonly note?: string;
  /** Whether a claim with a bound may go unmeasured: for those about a peer that could not be installed. */
  readonly optional?: boolean;
}

export interface Report {
  readonly bench: string;
  readonly claims: readonly Claim[];
}

export type Verdict = "pass" | "FAIL" | "published" | "not run";

export function verdictOf({ bound, measured, optional }: Claim): Verdict {
  if (measured === undefined) return bound === undefined || optional ? "not run" : "FAIL";
  if (bound === undefined) return "published";
  return measured <= bound ? "pass" : "FAIL";
}

/** Ends a bench: the runner gets the report, a terminal the table and the exit code. */
export function report(bench: string, claims: readonly Claim[]): void {
  const done: Report = { bench, claims };
  if (process.send !== undefined) process.send(done);
  else {
    console.log(table([done]));
    if (claims.some((claim) => verdictOf(claim) === "FAIL")) process.exitCode = 1;
  }
}

export function table(reports: readonly Report[]): string {
  return reports.map(({ bench, claims }) => [bench, ...aligned(claims.map(row))].join("\n")).join("\n\n");
}

function row(claim: Claim): readonly string[] {
  const { bound, measured, unit, note } = claim;
  return [
    `  ${claim.claim}`,
    bound === undefined ? "" : `≤ ${amount(bound, unit)}`,
    measured === undefined ? "–" : amount(measured, unit),
    verdictOf(claim),
    note ?? "",
  ];
}

function amount(value: number, unit: Claim["unit"]): string {
  return unit === "×" ? `${value.toFixed(2)} ×` : `${Math.round(value).toLocaleString("en-US")} ${unit}`;
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  return rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
