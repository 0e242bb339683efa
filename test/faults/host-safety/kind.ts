import { readFileSync } from "node:fs";
import type { ReceiverName } from "./receivers.ts";

/** One way in which telemetry fails, and what it takes to make it fail. */
export interface HostKind {
  /** What is broken, in words. */
  readonly name: string;
  /** A name of HOST_FAULTS. */
  readonly fault: string;
  readonly receiver: ReceiverName;
  readonly env: Readonly<Record<string, string>>;
  /** The receiver of metrics, where it is another one. */
  readonly metricsReceiver?: ReceiverName;
  readonly closeStderr?: boolean;
  readonly asNobody?: boolean;
  /** Its stderr has the lines of runs as well. */
  readonly saysRuns?: boolean;
  /** How long it may hold the program on purpose, in milliseconds. */
  readonly holdsMs?: number;
  readonly priceFile?: boolean;
  readonly spool?: boolean;
  /** Bytes of the disk that the spool is on, where it has one of its own: for root alone. */
  readonly diskBytes?: number;
}

type More = Partial<Omit<HostKind, "name" | "fault">>;

/** Something of the program is broken. */
export function ours(name: string, fault: string, more: More = {}): HostKind {
  return { name, fault, receiver: "takes all", ...more, env: more.env ?? {} };
}

/** Spans go to a receiver that does `what`, and metrics at the end. */
export function receiver(what: ReceiverName): HostKind {
  return ours(`the receiver ${what}`, "none", { receiver: what });
}

/** Metrics go to a receiver that does `what`, all the time. */
export function metrics(what: ReceiverName): HostKind {
  const env = { OTEL_METRIC_EXPORT_INTERVAL: "100", OTEL_METRIC_EXPORT_TIMEOUT: "100" };
  return ours(`the receiver of metrics ${what}`, "none", { metricsReceiver: what, env });
}

/** Spans wait in a directory that something happens to. */
export function spool(what: string, fault: string, more: More = {}): HostKind {
  return ours(`the spool directory ${what}`, fault, {
    spool: true,
    receiver: "refuses connections",
    ...more,
  });
}

/** Why this kind cannot be tried here; `undefined` where it can. */
export function whyNot({ spool, diskBytes, asNobody }: HostKind): string | undefined {
  if (spool && !opensDiskQueue()) return "the exporter has no queue on disk yet";
  const root = process.getuid?.() === 0;
  if (diskBytes !== undefined && (!root || process.platform !== "linux"))
    return "a disk of its own needs root";
  if (asNobody && process.platform === "win32") return "directories have no such rights here";
  return undefined;
}

function opensDiskQueue(): boolean {
  const path = new URL("../../../src/pipeline/durable-span-exporter/open-queue.ts", import.meta.url);
  return /from "\.\/disk\//.test(readFileSync(path, "utf8"));
}
