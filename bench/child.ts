import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/**
 * The new space at its full size from the start, as in a server that has run for a while. While V8 is still growing it, who
 * allocates more is collected more often, and the same code measures 20 % apart from one process to the next.
 */
const STEADY_HEAP = ["--min-semi-space-size=16", "--max-semi-space-size=16"];

/** A bench that went wrong in its own process. `message` is the last that it said. */
export class ChildError extends Error {
  override readonly name = "ChildError";
}

/**
 * Runs a file of this folder in a process of its own, and returns what it sent.
 *
 * @param flags Of Node. @default those of a process that has run for a while
 * @throws ChildError when it sent nothing.
 */
export function runChild(
  file: string,
  args: readonly string[] = [],
  flags: readonly string[] = STEADY_HEAP,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
      env: quietEnvironment(),
      execArgv: [...flags],
      silent: true,
    });
    let sent: unknown;
    let output = "";
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4_000);
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    child.on("message", (message) => {
      sent = message;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (sent !== undefined) resolve(sent);
      else reject(new ChildError(reason(output) ?? `${file} ended with ${code} and no result`));
    });
  });
}

/** Settings of the shell would measure something else; and no peer may reach the network from here. */
export function quietEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(OTEL|AGENT_OTEL|OPENLIT|TRACELOOP|LANGFUSE|NODE_OPTIONS)/.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    OTEL_TRACES_EXPORTER: "none",
    OTEL_METRICS_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
    // Without the cloud detectors, which ask a metadata server.
    OTEL_NODE_RESOURCE_DETECTORS: "env,host,process",
    TRACELOOP_TELEMETRY: "false",
  };
}

function reason(output: string): string | undefined {
  const lines = output.split("\n").map((line) => line.trim());
  return lines.find((line) => /^(\w*Error)\b.*:/.test(line)) ?? lines.findLast((line) => line !== "");
}
