import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../../contract/source-files.ts";

const run = promisify(execFile);
const script = join(root, "scripts/stack");

interface Report {
  readonly parts: Readonly<
    Record<string, { readonly pid: number; readonly endpoints: Readonly<Record<string, string>> }>
  >;
}

interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

/** Programs of our own, on ports of our own. */
export interface Stack {
  /** @returns The address of an endpoint, such as `collector`, `otlp-http`. */
  endpoint(part: string, name: string): string;
  /** What a command of scripts/stack says on both outputs, whether it succeeds or not; `words` are command and parts. */
  say(...words: readonly string[]): Promise<string>;
  /** Kills a part where it stands, as the machine's memory killer would. @param signal Default: SIGKILL */
  kill(part: string, signal?: NodeJS.Signals): void;
  /** Starts a part again on its old ports and with what it left on disk. */
  restart(part: string): Promise<void>;
  down(): Promise<void>;
}

/**
 * Starts the shipped configuration with real programs; builds them when the cache has none, which takes a quarter of an hour.
 *
 * @param parts Which to start. Default: collector, Jaeger and Prometheus.
 * @param settings `AGENT_OTEL_STACK_RULES`, a folder in place of collector/rules; `AGENT_OTEL_STACK_INTERVAL` of scrapes and evaluations;
 *   `AGENT_OTEL_STACK_METRIC_EXPIRATION`, after which the collector forgets a program. Default: as shipped.
 */
export async function stackUp(
  portBase: number,
  parts: readonly string[] = [],
  settings: Readonly<Record<string, string>> = {},
): Promise<Stack> {
  const dir = mkdtempSync(join(tmpdir(), "agent-otel-stack-"));
  const options = ["--dir", dir, "--port-base", String(portBase)];
  const down = async () => {
    await run(script, ["down", ...options]);
    rmSync(dir, { recursive: true, force: true });
  };
  const { stdout } = await run(script, ["up", ...parts, ...options, "--json", "--timeout", "120"], {
    maxBuffer: 1 << 24,
    env: { ...process.env, ...settings },
  }).catch(async (error: unknown) => {
    await down();
    throw error;
  });
  const report = JSON.parse(stdout) as Report;
  const pids = Object.fromEntries(Object.entries(report.parts).map(([part, { pid }]) => [part, pid]));
  return {
    endpoint(part, name) {
      const address = report.parts[part]?.endpoints[name];
      if (address === undefined) throw new Error(`the stack has no endpoint ${name} of ${part}: ${stdout}`);
      return address;
    },
    kill(part, signal = "SIGKILL") {
      process.kill(pids[part]!, signal);
    },
    async restart(part) {
      const again = await run(script, ["up", part, "--keep", ...options, "--json", "--timeout", "120"], {
        env: { ...process.env, ...settings },
      });
      pids[part] = (JSON.parse(again.stdout) as Report).parts[part]!.pid;
    },
    async say(...words) {
      const { stdout, stderr } = await run(script, [...words, ...options]).catch(
        (error: unknown) => error as Said,
      );
      return stdout + stderr;
    },
    down,
  };
}
