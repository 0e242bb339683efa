import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { root } from "../../contract/source-files.ts";

/** A program of test/stack/programs, started as a user does, that is told what to do next on its standard input. */
export class ToldProgram {
  readonly #name: string;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #ended: Promise<unknown>;

  constructor(name: string, args: readonly string[], env: Readonly<Record<string, string>>) {
    this.#name = name;
    const file = join(root, "test/stack/programs", name);
    this.#child = spawn(process.execPath, ["--import", "agent-otel/register", file, ...args], {
      cwd: root,
      stdio: ["pipe", "pipe", "inherit"],
      env: { PATH: process.env["PATH"], HOME: process.env["HOME"], AGENT_OTEL_LOG: "none", ...env },
    });
    this.#ended = once(this.#child, "close");
  }

  /** When it has printed its first line. @throws where it ends before. */
  async begun(): Promise<void> {
    const line = once(createInterface(this.#child.stdout), "line").then(() => true);
    if (!(await Promise.race([line, this.#ended.then(() => false)])))
      throw new Error(`${this.#name} ended before it had begun`);
  }

  tell(word: string): void {
    this.#child.stdin.write(`${word}\n`);
  }

  /** May be called twice. */
  async end(): Promise<void> {
    this.#child.stdin.end();
    await this.#ended;
  }
}
