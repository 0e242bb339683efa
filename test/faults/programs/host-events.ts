import dns from "node:dns";
import { chmodSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { type DiagLogger, diag } from "@opentelemetry/api";
import { onCall } from "../../../src/agent/call-log.ts";
import { logRuns } from "../../../src/agent/run-log.ts";
import type { HostFault } from "./host-faults.ts";

function fail(): never {
  throw new Error("a listener of the user is broken");
}

const rejects = async (): Promise<never> => fail();

/** Does it once, when a third of the calls are made. */
function midway(act: () => void): (share: number) => void {
  let done = false;
  return (share) => {
    if (done || share < 0.33) return;
    done = true;
    act();
  };
}

/** Looks like a promise to whoever awaits it. */
function brokenThenable(): object {
  // biome-ignore lint/suspicious/noThenProperty: that is what it is for
  return { then: fail };
}

const HOUR_MS = 3_600_000;

/** The wall clock, an hour ahead and an hour behind in turn. */
function jumpingClock(): (share: number) => void {
  const now = Date.now;
  let ahead = false;
  return () => {
    ahead = !ahead;
    Date.now = () => now() + (ahead ? HOUR_MS : -HOUR_MS);
  };
}

function useDiag(write: () => unknown): void {
  const logger = { error: write, warn: write, info: write, debug: write, verbose: write };
  diag.setLogger(logger as DiagLogger);
}

const spool = (): string => process.env["AGENT_OTEL_SPOOL_DIR"] ?? "";

/** What happens to a program around its calls. */
export const HOST_EVENTS: Readonly<Record<string, HostFault>> = {
  "onCall throws": { after: () => void onCall(fail) },
  "onCall rejects": { after: () => void onCall(rejects as () => void) },
  "onCall answers a bad thenable": {
    after: () => void onCall((() => brokenThenable()) as () => void),
  },
  "run log throws": { after: () => logRuns({ info: fail }) },
  "run log rejects": { after: () => logRuns({ info: rejects as () => void }) },
  "diag throws": { before: () => useDiag(fail) },
  "diag rejects": { before: () => useDiag(rejects) },
  "waitUntil throws": { options: () => ({ waitUntil: fail }) },
  "waitUntil rejects": { options: () => ({ waitUntil: rejects as () => void }) },
  "waitUntil takes a promise": { options: () => ({ waitUntil: (work) => void work.then(() => {}) }) },
  "clock jumps": { between: jumpingClock() },
  "prices break": {
    between: midway(() => writeFileSync(process.env["AGENT_OTEL_PRICES"] ?? "", "{ no JSON")),
  },
  "stderr ends": { between: midway(() => void process.stderr.end()) },
  "spool removed": { between: midway(() => rmSync(spool(), { recursive: true, force: true })) },
  "spool becomes a file": {
    between: midway(() => {
      rmSync(spool(), { recursive: true, force: true });
      writeFileSync(spool(), "not a directory");
    }),
  },
  "spool read-only": {
    between: midway(() => {
      for (const each of ["", ...readdirSync(spool(), { recursive: true })])
        chmodSync(`${spool()}/${String(each)}`, 0o500);
    }),
  },
  "name not found": {
    before: () => {
      // No question leaves the machine.
      Object.assign(dns, { lookup: notFound });
    },
  },
};

function notFound(name: string, _options: object, done: (error: Error) => void): void {
  const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: "ENOTFOUND" });
  setImmediate(done, error);
}
