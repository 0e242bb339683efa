import { counted } from "../../../telemetry/format-trace-numbers.ts";
import { padEndColumns } from "../../../telemetry/format-trace-text.ts";
import type { Finding } from "./finding.ts";

/** What a check came to. */
export interface CheckReport {
  readonly check: string;
  readonly outcome: "ok" | "found" | "skipped";
  readonly detail: string;
  readonly findings: readonly Finding[];
}

/** All that doctor says; as it is with --json. */
export interface DoctorReport {
  readonly folder: string;
  readonly healthy: boolean;
  readonly findings: readonly Finding[];
  readonly checks: readonly CheckReport[];
}

const MARKS = { ok: "ok", found: "FOUND", skipped: "-" } as const;
const COLORS = { ok: "\x1b[32m", found: "\x1b[31m", skipped: "\x1b[2m" } as const;
const RESET = "\x1b[0m";

/** One line for each check that is in order, and one for each mistake. */
export function reportView({ checks, findings }: DoctorReport, color: boolean): string {
  const width = Math.max(...checks.map(({ check }) => check.length));
  const markWidth = Math.max(...Object.values(MARKS).map(({ length }) => length));
  const line = ({ outcome, check }: CheckReport, text: string): string => {
    const mark = padEndColumns(MARKS[outcome], markWidth);
    const shown = color ? `${COLORS[outcome]}${mark}${RESET}` : mark;
    return `${shown}  ${padEndColumns(check, width)}  ${text}`.trimEnd();
  };
  const lines = checks.flatMap((each) =>
    each.outcome === "found"
      ? each.findings.map(({ code, message, fix }) => line(each, `${message}. To do: ${fix} (${code})`))
      : [line(each, each.detail)],
  );
  const verdict =
    findings.length === 0 ? "Nothing wrong was found." : `${counted(findings.length, "finding")}.`;
  return `${lines.join("\n")}\n\n${verdict}\n`;
}
