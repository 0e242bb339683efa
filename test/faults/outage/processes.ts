import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { SinkReport } from "../programs/span-sink.ts";
import type { SourceOptions, SourceReport, Stopped } from "../programs/span-source.ts";

/** A receiver that can be killed, stopped and started again on its port. */
export class SinkProcess implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly port: number;

  private constructor(child: ChildProcess, port: number) {
    this.child = child;
    this.port = port;
  }

  static async start({ port = 0, latencyMs = 0, notes = "" } = {}): Promise<SinkProcess> {
    const child = start("span-sink.ts", [String(port), String(latencyMs), notes]);
    const [address] = (await once(child, "message")) as [{ readonly port: number }];
    return new SinkProcess(child, address.port);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/v1/traces`;
  }

  async report(): Promise<SinkReport> {
    return (await asked(this.child, "report")) as SinkReport;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await kill(this.child);
  }
}

/** A program that makes spans. */
export class SourceProcess implements AsyncDisposable {
  readonly child: ChildProcess;
  /** Resolves when the last span is made. */
  readonly made: Promise<void>;

  constructor(options: SourceOptions) {
    this.child = start("span-source.ts", [JSON.stringify(options)]);
    this.made = new Promise((resolve) => {
      this.child.on("message", (message) => {
        if (message === "made") resolve();
      });
    });
  }

  async report(): Promise<SourceReport> {
    return (await asked(this.child, "report")) as SourceReport;
  }

  /** What its memory is from here on is told without what it was. */
  async mark(): Promise<void> {
    await asked(this.child, "mark");
  }

  /** Shuts telemetry down, within 2 s. */
  async stop(): Promise<Stopped> {
    return (await asked(this.child, "stop")) as Stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await kill(this.child);
  }
}

export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, "close");
  child.kill("SIGKILL");
  await closed;
}

function start(file: string, args: readonly string[]): ChildProcess {
  const path = fileURLToPath(new URL(`../programs/${file}`, import.meta.url));
  const env = Object.entries(process.env).filter(([name]) => !/^(OTEL_|AGENT_OTEL_|NODE_|VITEST)/.test(name));
  return fork(path, args, { execArgv: ["--expose-gc"], env: Object.fromEntries(env) });
}

/** The next message that is no news of its own. */
async function asked(child: ChildProcess, question: string): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const listen = (message: unknown): void => {
    if (message === "made") return;
    child.off("message", listen);
    resolve(message);
  };
  child.on("message", listen);
  child.send(question);
  return promise;
}
