import { execFileSync } from "node:child_process";
import { chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HostKind } from "./kind.ts";
import { RECEIVERS } from "./receivers.ts";
import { type HostEnd, type HostRun, runHost } from "./run-host.ts";

const CALLS = "10000";
const NOBODY = 65_534;
const PRICES = { "my-model": { input: 1, output: 2 } };

export const CONTROL: HostRun = { args: ["none", CALLS], env: { OTEL_SDK_DISABLED: "true" } };

/** Runs the program with what is broken, and cleans up. */
export async function course(kind: HostKind, worked: () => void): Promise<HostEnd> {
  await using spans = await RECEIVERS[kind.receiver]();
  await using other = await RECEIVERS[kind.metricsReceiver ?? "takes all"]();
  await using folder = await Folder.make(kind);
  const metricsUrl = `${other.url}/v1/metrics`;
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: spans.url,
    ...(kind.metricsReceiver && { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: metricsUrl }),
    ...folder.env,
    ...kind.env,
  };
  const { fault, asNobody = false, closeStderr = false } = kind;
  // Awaited here: what it talks to is closed when this function ends.
  return await runHost({ args: [fault, CALLS], env, asNobody, closeStderr }, worked);
}

/** What the program finds on disk. */
class Folder implements AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
  readonly #path: string;
  readonly #disk: string | undefined;

  private constructor(path: string, env: Readonly<Record<string, string>>, disk: string | undefined) {
    this.#path = path;
    this.env = env;
    this.#disk = disk;
  }

  static async make({ spool, diskBytes, asNobody, priceFile }: HostKind): Promise<Folder> {
    const path = await mkdtemp(join(tmpdir(), "agent-otel-host-"));
    const prices = join(path, "prices.json");
    if (priceFile) await writeFile(prices, JSON.stringify(PRICES));
    const disk = diskBytes === undefined ? undefined : await smallDisk(join(path, "disk"), diskBytes);
    if (asNobody && process.getuid?.() === 0) await chown(path, NOBODY, NOBODY);
    const env = {
      ...(priceFile && { AGENT_OTEL_PRICES: prices }),
      ...(spool && {
        AGENT_OTEL_SPOOL_DIR: join(disk ?? path, "spool"),
        AGENT_OTEL_SPOOL_MIN_FREE_BYTES: "0",
      }),
    };
    return new Folder(path, env, disk);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#disk !== undefined) execFileSync("umount", [this.#disk]);
    await rm(this.#path, { recursive: true, force: true });
  }
}

async function smallDisk(path: string, bytes: number): Promise<string> {
  await mkdir(path);
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "agent-otel-test", path]);
  return path;
}
