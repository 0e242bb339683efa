import type { RecordedRun } from "../recorded-run/recorded-run.ts";
import type { GrafanaParts } from "./grafana-parts.ts";

/** Programs and packages that prove what reading alone cannot. Each is made when it is first asked for, and then kept. */
export interface Tools {
  /** A real Prometheus that holds the recorded run. */
  recordedRun(): Promise<RecordedRun>;
  /** What Grafana publishes on npm. */
  grafana(): Promise<GrafanaParts>;
  /** Runs a program of the stack to its end. */
  program(name: ProgramName, ...args: readonly string[]): Promise<Outcome>;
  /** Starts the collector with a configuration. @returns What it said when it could not, or was not healthy in time. */
  startCollector(config: string): Promise<string | undefined>;
  /** A folder of its own, removed at the end. */
  scratch(): string;
}

export type ProgramName = "promtool" | "collector" | "amtool" | "docker-compose" | "kustomize";

export interface Outcome {
  readonly code: number;
  /** Both outputs. */
  readonly said: string;
}
