import type { Outcome } from "./run-checks.ts";

/** One line for a check that found nothing; for another one line for each finding. */
export function textOf({ check, findings, seconds }: Outcome): string {
  const time = `${seconds.toFixed(1)} s`;
  if (findings.length === 0) return `ok    ${check.name.padEnd(20)} ${check.holds} (${time})`;
  const lines = findings.map(({ file, what, mend }) => `      ${file}: ${what}\n        → ${mend}`);
  return [`FAIL  ${check.name.padEnd(20)} ${findings.length} findings (${time})`, ...lines].join("\n");
}

export function summary(outcomes: readonly Outcome[]): string {
  const findings = outcomes.reduce((sum, one) => sum + one.findings.length, 0);
  const failed = outcomes.filter((one) => one.findings.length > 0).length;
  return `${outcomes.length} checks, ${failed} failed, ${findings} findings`;
}

export const asJson = (outcomes: readonly Outcome[]): unknown =>
  outcomes.map(({ check, findings, seconds }) => ({
    check: check.name,
    holds: check.holds,
    seconds,
    findings,
  }));
