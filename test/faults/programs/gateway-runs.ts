// Lets a program export traces to endpoints that are killed and started again, and counts what has arrived where.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { kill } from "../outage/processes.ts";
import type { GatewaySourceOptions, GatewaySourceReport } from "./gateway-source.ts";

const PROGRAM = fileURLToPath(new URL("gateway-source.ts", import.meta.url));

/** The program that exports. */
export class GatewaySource implements AsyncDisposable {
  readonly child: ChildProcess;
  /** Resolves when its last trace is handed over. */
  readonly made: Promise<void>;
  #asked: Promise<unknown> = Promise.resolve();

  constructor(options: GatewaySourceOptions) {
    const env = Object.entries(process.env).filter(
      ([name]) => !/^(OTEL_|AGENT_OTEL_|NODE_|VITEST)/.test(name),
    );
    this.child = fork(PROGRAM, [JSON.stringify(options)], { execArgv: [], env: Object.fromEntries(env) });
    this.made = new Promise((resolve) => {
      this.child.on("message", (message) => {
        if (message === "made") resolve();
      });
    });
  }

  report(): Promise<GatewaySourceReport> {
    const asked = this.#asked.then(() => this.#ask());
    this.#asked = asked;
    return asked;
  }

  /** Resolves when so many traces have begun. */
  async until(traces: number): Promise<void> {
    while ((await this.report()).made < traces) await setTimeout(50);
  }

  /** Resolves when nothing waits in its queue. */
  async delivered(): Promise<void> {
    await this.made;
    while (Number((await this.report()).counts?.inSpool) > 0) await setTimeout(50);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await kill(this.child);
  }

  async #ask(): Promise<GatewaySourceReport> {
    this.child.send("report");
    for (;;) {
      const [message] = (await once(this.child, "message")) as [unknown];
      if (typeof message === "object") return message as GatewaySourceReport;
    }
  }
}

/** Numbers that were noted, 8 bytes each; the last note may have been cut short by a kill. */
export function numbersIn(file: string): readonly bigint[] {
  const bytes = new Uint8Array(readFileSync(file));
  return [...new BigUint64Array(bytes.buffer, 0, bytes.byteLength >> 3)];
}
