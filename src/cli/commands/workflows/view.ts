import type { RunRecord, StepRecord } from "../../../stores/checkpoints/checkpoint-store.ts";
import { formatCount, formatDuration } from "../../../telemetry/format-trace-numbers.ts";
import { printable } from "../../../telemetry/format-trace-text.ts";
import { programOf } from "../../../work/workflow/workflow-program.ts";
import { type Column, type TableOptions, table } from "../ledger/table.ts";
import { failureOf, nextStep } from "./run-facts.ts";

export interface RunViewOptions extends TableOptions {
  /** By the clock of this machine; that of a server may be another. */
  readonly nowMs: number;
}

interface RunColumn extends Column {
  readonly cell: (run: RunRecord) => string;
}

const WIDEST = 1_000;
const LABEL = 10;
/** Below so many columns there is no room for failures. */
const FAILURE_COLUMNS = 110;
const RESET = "\x1b[0m";
const STATUS_COLORS: Readonly<Record<string, string>> = {
  completed: "\x1b[32m",
  running: "\x1b[36m",
  cancelled: "\x1b[33m",
  failed: "\x1b[31m",
  needs_attention: "\x1b[31m",
};

export function listView(runs: readonly RunRecord[], options: RunViewOptions): string {
  if (runs.length === 0) return "No runs.\n";
  const columns: readonly RunColumn[] = [
    { title: "ID", share: 4, cell: ({ id }) => id },
    { title: "WORKFLOW", share: 1, cell: ({ workflow }) => workflow },
    { title: "STATUS", color: (cell) => STATUS_COLORS[cell], cell: ({ status }) => status },
    { title: "CHANGED", cell: ({ updatedMs }) => timeOf(updatedMs) },
    {
      title: "CRASHES",
      align: "right",
      cell: ({ crashes }) => (crashes === 0 ? "" : formatCount(crashes)),
    },
    { title: "LEASE", cell: (run) => leaseOf(run, options.nowMs).replace(/^over .*/, "over") },
    ...((options.width ?? FAILURE_COLUMNS) < FAILURE_COLUMNS
      ? []
      : [{ title: "FAILURE", share: 2, cell: failureText }]),
  ];
  // Mostly nobody has crashed, and nobody works.
  const told = columns.filter(({ cell }) => runs.some((run) => cell(run) !== ""));
  return table(
    told,
    runs.map((run) => told.map(({ cell }) => cell(run))),
    options,
  );
}

export function runView(run: RunRecord, steps: readonly StepRecord[], options: RunViewOptions): string {
  const { version, steps: program } = programOf(run);
  const [traceId, spanId] = run.trace?.split("-") ?? [];
  const facts: readonly (readonly [string, string])[] = [
    ["id", run.id],
    ["workflow", version === "" ? run.workflow : `${run.workflow}, version ${version}`],
    ["status", `${run.status}${attentionOf(run)}`],
    ["failure", failureText(run)],
    ["begun", timeOf(run.createdMs)],
    ["changed", timeOf(run.updatedMs)],
    ["owner", ownerOf(run, options.nowMs)],
    ["crashes", run.crashes === 0 ? "" : `${formatCount(run.crashes)} since the last step`],
    ["trace", traceId === undefined ? "" : `${traceId} (span ${spanId ?? "?"})`],
    ["steps", program.length === 0 ? `${steps.length}` : `${steps.length} of ${program.length}`],
    ["next", nextStep(run, steps) ?? ""],
  ];
  const lines = facts
    .filter(([, value]) => value !== "")
    .map(
      ([label, value]) =>
        `${label.padEnd(LABEL)}${coloured(label, run, printable(value, WIDEST), options)}\n`,
    );
  return steps.length === 0 ? lines.join("") : `${lines.join("")}\n${stepsView(steps, options)}`;
}

function stepsView(steps: readonly StepRecord[], options: TableOptions): string {
  const columns: readonly Column[] = [
    { title: "STEP", align: "right" },
    { title: "NAME", share: 1 },
    { title: "ATTEMPTS", align: "right" },
    { title: "KEPT" },
  ];
  const rows = steps.map(({ seq, name, attempts, atMs }) => [
    String(seq + 1),
    name,
    formatCount(attempts),
    timeOf(atMs),
  ]);
  return table(columns, rows, options);
}

function coloured(label: string, { status }: RunRecord, value: string, { color }: TableOptions): string {
  const start = color && label === "status" ? STATUS_COLORS[status] : undefined;
  return start === undefined ? value : `${start}${value}${RESET}`;
}

/** Whoever set it so without a failure has found another program, or too many crashes. */
function attentionOf({ status, failure, crashes }: RunRecord): string {
  if (status !== "needs_attention" || failure !== undefined) return "";
  return crashes > 0
    ? ": it has ended too many processes, or its program was changed"
    : ": its program was changed";
}

function ownerOf(run: RunRecord, nowMs: number): string {
  return run.leaseUntilMs === 0 ? "" : `${run.owner}, epoch ${run.epoch}, lease ${leaseOf(run, nowMs)}`;
}

/** Nothing where nobody holds the run. */
function leaseOf({ leaseUntilMs }: RunRecord, nowMs: number): string {
  if (leaseUntilMs === 0) return "";
  const left = leaseUntilMs - nowMs;
  const time = formatDuration(BigInt(Math.round(Math.abs(left))) * 1_000_000n);
  return left > 0 ? `${time} left` : `over for ${time}`;
}

function failureText(run: RunRecord): string {
  const failure = failureOf(run);
  if (failure === undefined) return "";
  const { step, error, message } = failure;
  const what = [error, message].filter((part) => part !== undefined).join(": ");
  return step === undefined ? what : `${what} (in step ${step})`;
}

/** `2026-11-21 10:15:02Z`. */
function timeOf(ms: number): string {
  const date = new Date(ms);
  // A store may hold any number.
  if (Number.isNaN(date.getTime())) return "?";
  return date.toISOString().replace("T", " ").replace(/\..*/, "Z");
}
