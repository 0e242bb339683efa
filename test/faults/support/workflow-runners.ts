import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../programs/workflow-runner.ts", import.meta.url));

/** Where a process kills itself, around one step. */
export const CRASH_POINTS = ["started", "effect", "result", "in_flight", "kept"] as const;

export interface RunnerOptions {
  /** A folder, a file that ends in .db, or the URL of PostgreSQL. */
  readonly place: string;
  /** Runs are called `run N`, from this number on. @default 0 */
  readonly first?: number;
  /** @default 1 */
  readonly count?: number;
  /** @default 20 */
  readonly steps?: number;
  /** `SEQ:POINT`. @default none */
  readonly crash?: string;
  /** @default "ours" */
  readonly kind?: "ours" | "naive";
  /** Short, so that the next process need not wait for long. @default 150 */
  readonly leaseMs?: number;
}

export interface Runner {
  readonly process: ChildProcess;
  /** What it says, as it says it. */
  readonly lines: readonly string[];
  /** The next line that begins so. Rejects where it ends before. */
  said(beginning: string): Promise<string>;
  /** When it has ended, and all that it said was read. */
  readonly ended: Promise<void>;
}

export function startRunner({
  place,
  first = 0,
  count = 1,
  steps = 20,
  crash = "-",
  kind = "ours",
  leaseMs = 150,
}: RunnerOptions): Runner {
  const args = [PROGRAM, place, String(first), String(count), String(steps), crash, kind, String(leaseMs)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  const waiting = new Set<{ readonly beginning: string; readonly resolve: (line: string) => void }>();
  const reader = createInterface({ input: child.stdout });
  reader.on("line", (line) => {
    lines.push(line);
    for (const one of waiting) if (line.startsWith(one.beginning)) one.resolve(line);
  });
  const ended = Promise.all([once(child, "close"), once(reader, "close")]).then(() => {});
  return {
    process: child,
    lines,
    ended,
    said: (beginning) => {
      const before = lines.find((line) => line.startsWith(beginning));
      if (before !== undefined) return Promise.resolve(before);
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      waiting.add({ beginning, resolve });
      void ended.then(() =>
        reject(new Error(`the process ended before it said ${beginning}:\n${lines.join("\n")}`)),
      );
      return promise;
    },
  };
}

/** What is wrong with a history: everything that the processes said, in order. */
export interface Verdict {
  readonly effects: number;
  /** Steps that were begun again after they were kept. */
  readonly committedAgain: number;
  /** Effects of steps that had one before. */
  readonly repeated: number;
  /** Steps whose effects had more than one idempotency key. */
  readonly otherKeys: number;
  /** Runs that ended, each counted once. */
  readonly done: number;
}

export function judge(lines: readonly string[]): Verdict {
  const kept = new Set<string>();
  const keys = new Map<string, Set<string>>();
  const done = new Set<string>();
  let [effects, committedAgain, repeated] = [0, 0, 0];
  for (const line of lines) {
    const [, what, id = "", seq = "", key = ""] = /^(\w+) (run \d+)(?: (\d+))?(?: (.*))?$/.exec(line) ?? [];
    const step = `${id} ${seq}`;
    if (what === "start" && kept.has(step)) committedAgain += 1;
    if (what === "kept") kept.add(step);
    if (what === "done") done.add(id);
    if (what !== "effect") continue;
    effects += 1;
    if (keys.has(step)) repeated += 1;
    keys.set(step, (keys.get(step) ?? new Set()).add(key));
  }
  const otherKeys = [...keys.values()].filter(({ size }) => size > 1).length;
  return { effects, committedAgain, repeated, otherKeys, done: done.size };
}
