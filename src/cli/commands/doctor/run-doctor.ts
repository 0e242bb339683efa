import { EXIT_FAILED, EXIT_OK, type ExitCode, type Terminal } from "../../command.ts";
import { withProgress } from "../../progress.ts";
import { jsonLine } from "../ledger/json-line.ts";
import { bundles } from "./checks/bundles.ts";
import type { Check } from "./checks/check.ts";
import { clients } from "./checks/clients.ts";
import { configuration } from "./checks/configuration.ts";
import { content } from "./checks/content.ts";
import { copies } from "./checks/copies.ts";
import { endpoints } from "./checks/endpoints.ts";
import { prices } from "./checks/prices.ts";
import { registration } from "./checks/registration.ts";
import { sampling } from "./checks/sampling.ts";
import { spool } from "./checks/spool.ts";
import { store } from "./checks/store.ts";
import { nodeCheck, versions } from "./checks/versions.ts";
import type { Checked, FindingCode } from "./finding.ts";
import { hider } from "./hide.ts";
import { type DoctorArgs, doctorArgs } from "./options.ts";
import { ownManifest } from "./own-package.ts";
import { judge } from "./program/judge.ts";
import { type ProgramRun, runProgram } from "./program/run-program.ts";
import { type Project, readProject } from "./project/project.ts";
import { isInRange } from "./project/version-range.ts";
import { type CheckReport, type DoctorReport, reportView } from "./report.ts";

const CHECKS: readonly Check[] = [
  versions,
  configuration,
  registration,
  clients,
  bundles,
  copies,
  endpoints,
  sampling,
  content,
  spool,
  prices,
  store,
];

/** Where doctor looks: this process, but for tests. */
export interface Place {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly nodeVersion: string;
}

/** @throws UsageError, CliError. */
export async function runDoctor(
  args: readonly string[],
  terminal: Terminal,
  place: Place = { folder: process.cwd(), env: process.env, nodeVersion: process.version },
): Promise<ExitCode> {
  const parsed = doctorArgs(args);
  if (!isInRange(process.version, ownManifest().engines.node)) return tooOld(place, parsed, terminal);
  const run = await runOf(parsed, place);
  if (run?.exitCode !== undefined && run.exitCode !== 0)
    terminal.note(
      `agent-otel: the program ended with ${run.exitCode}; what it would have done is not looked at`,
    );
  const project = projectOf(parsed, place, run);
  const report = await withProgress("Looking around", () => examine(project, run, parsed.ignore));
  terminal.out(parsed.json ? jsonLine(report) : reportView(report, parsed.color ?? terminal.color));
  return report.healthy ? EXIT_OK : EXIT_FAILED;
}

/** On a Node that lacks what the checks themselves need, that is all there is to say. */
function tooOld(
  { folder, env, nodeVersion }: Place,
  { json, color }: DoctorArgs,
  terminal: Terminal,
): ExitCode {
  const project = { folder, env, nodeVersion, endpoint: undefined };
  const report = reportOf(versions.name, nodeCheck(project), [], hider(env));
  const all = { folder, healthy: false, findings: report.findings, checks: [report] };
  terminal.out(json ? jsonLine(all) : reportView(all, color ?? terminal.color));
  return EXIT_FAILED;
}

async function runOf(
  { program, seconds, json }: DoctorArgs,
  { env }: Place,
): Promise<ProgramRun | undefined> {
  if (program === undefined) return undefined;
  return runProgram({ command: program, seconds, outputAside: json, env });
}

/** As the program saw it: it may have read a file of variables, or be run by another Node. */
function projectOf(
  { endpoint }: DoctorArgs,
  { folder, env, nodeVersion }: Place,
  run: ProgramRun | undefined,
): Project {
  // The last one: npm and other wrappers come first.
  const start = run?.sightings.findLast((each) => each.kind === "start");
  const { NODE_OPTIONS: _, ...seen } = start?.env ?? {};
  return readProject({
    folder,
    env: { ...env, ...seen },
    nodeVersion: start?.node ?? nodeVersion,
    endpoint,
  });
}

async function examine(
  project: Project,
  run: ProgramRun | undefined,
  ignore: readonly FindingCode[],
): Promise<DoctorReport> {
  // What was seen to happen is better than what the files look like.
  const checks = run === undefined ? CHECKS : CHECKS.filter((each) => each !== registration);
  const done = await Promise.all(
    checks.map(async (check) => ({ name: check.name, checked: await check.run(project) })),
  );
  if (run !== undefined) done.push({ name: "program", checked: judge(run, project) });
  const hide = hider(project.env);
  const reports = done.map(({ name, checked }) => reportOf(name, checked, ignore, hide));
  const findings = reports.flatMap((each) => each.findings);
  return { folder: hide(project.folder), healthy: findings.length === 0, findings, checks: reports };
}

function reportOf(
  check: string,
  checked: Checked,
  ignore: readonly FindingCode[],
  hide: (text: string) => string,
): CheckReport {
  const findings = checked.findings
    .filter(({ code }) => !ignore.includes(code))
    .map(({ code, message, fix }) => ({ code, message: hide(message), fix: hide(fix) }));
  const ignored = checked.findings.length - findings.length;
  const detail = ignored > 0 ? `${ignored} ignored` : hide(checked.detail);
  const outcome = findings.length > 0 ? "found" : checked.skipped === true ? "skipped" : "ok";
  return { check, outcome, detail, findings };
}
