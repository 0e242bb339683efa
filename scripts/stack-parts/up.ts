import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { built } from "./build.ts";
import { type Command, type Part, type Place, StackError } from "./part.ts";
import { isAlive, type ProcessId, startTime, stop, writeProcess } from "./process.ts";
import { lastLines } from "./run.ts";
import type { StackDir } from "./stack-dir.ts";

export interface UpOptions {
  /** Keeps what the parts stored the last time. */
  readonly keep: boolean;
  /** How long the programs may take to be ready, without the time to build them. */
  readonly timeoutMs: number;
  readonly say: (line: string) => void;
}

interface Started {
  readonly part: Part;
  readonly place: Place;
  readonly id: ProcessId;
}

/** Starts the parts and returns when each is ready; else stops those it started and rejects. */
export async function up(dir: StackDir, parts: readonly Part[], options: UpOptions): Promise<void> {
  refuseTwice(dir, parts);
  dir.rememberPorts();
  const places = new Map<Part, Place>();
  for (const part of parts) places.set(part, dir.place(part, await built(part, options.say)));
  await refuseTakenPorts(dir, parts);

  const started: Started[] = [];
  const began = Date.now();
  const interrupted = interruption(); // after the builds, which may simply be killed
  try {
    for (const [part, place] of places) {
      dir.makeFolders(place, options.keep);
      await part.prepare?.(place);
      started.push({ part, place, id: start(dir, part, part.command(place), options.keep) });
    }
    const signal = AbortSignal.any([interrupted, AbortSignal.timeout(options.timeoutMs)]);
    await Promise.all(started.map((one) => untilReady(dir, one, signal)));
  } catch (error) {
    for (const { part, id } of started) await stop(id, dir.processFile(part), part.stopSignal);
    throw error;
  }
  options.say(`ready in ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

function refuseTwice(dir: StackDir, parts: readonly Part[]): void {
  const running = parts.filter((part) => dir.running(part) !== undefined);
  if (running.length > 0) {
    const who = running.map((part) => `${part.name} (pid ${dir.running(part)?.pid})`).join(", ");
    throw new StackError(`already running in ${dir.path}: ${who}. Stop it first: scripts/stack down`);
  }
}

async function refuseTakenPorts(dir: StackDir, parts: readonly Part[]): Promise<void> {
  for (const part of parts) {
    for (const { name } of part.ports) {
      const [host, port] = dir.address(part.name, name).split(":");
      if (!(await isFree(host!, Number(port)))) {
        throw new StackError(
          `port ${port}, for ${part.name}/${name}, is taken by another program: stop that, or choose others with --port-base`,
        );
      }
    }
  }
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}

/** The caller's OTEL_*, proxies and secrets stay outside: what runs depends on the checkout alone. */
function environment(): Record<string, string> {
  const inherited = ["PATH", "HOME", "USER", "LANG", "TZ", "TMPDIR", "GOMAXPROCS"];
  return Object.fromEntries(
    inherited.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  );
}

function start(dir: StackDir, part: Part, command: Command, keepLog: boolean): ProcessId {
  const log = openSync(dir.log(part), keepLog ? "a" : "w");
  const child = spawn(command.file, command.args, {
    cwd: dir.path,
    detached: true,
    stdio: ["ignore", log, log],
    env: { ...environment(), ...command.env },
    ...command.account,
  });
  closeSync(log);
  child.once("error", () => {}); // without a pid, which is told below
  child.unref();
  if (child.pid === undefined) throw new StackError(`${part.name}: ${command.file} could not be started`);
  const id = { pid: child.pid, started: startTime(child.pid) ?? "" };
  writeProcess(dir.processFile(part), id);
  return id;
}

/** Ctrl-C must not leave half a stack behind. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => controller.abort(new StackError(`stopped by ${name}`)));
  }
  return controller.signal;
}

async function untilReady(dir: StackDir, { part, place, id }: Started, signal: AbortSignal): Promise<void> {
  while (!(await part.ready(place, signal))) {
    if (signal.reason instanceof StackError) throw signal.reason;
    if (signal.aborted || !isAlive(id)) {
      const problem = signal.aborted ? "was not ready in time" : "ended while starting";
      const log = dir.log(part);
      throw new StackError(`${part.name} ${problem}. The end of ${log}:\n${lastLines(log, 20)}`);
    }
    await wait(50);
  }
}
