import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { built } from "../../../scripts/stack-parts/build.ts";
import { collector } from "../../../scripts/stack-parts/collector.ts";
import { root } from "../../contract/source-files.ts";
import { kill } from "../../faults/outage/processes.ts";

export interface GatewayPlace {
  /** Of its first port. It has five. */
  readonly port: number;
  /** For its queue and its log; it finds them again. */
  readonly directory: string;
  /** OTLP over HTTP. */
  readonly jaeger: string;
  /** As collector/gateway.yaml reads it. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A gateway that can be killed and started again on the same ports and the same disk. */
export class GatewayProcess {
  readonly #place: GatewayPlace;
  readonly #program: string;
  #child: ChildProcess | undefined;

  private constructor(place: GatewayPlace, program: string) {
    this.#place = place;
    this.#program = program;
  }

  static async start(place: GatewayPlace): Promise<GatewayProcess> {
    const gateway = new GatewayProcess(place, await built(collector, () => {}));
    await gateway.start();
    return gateway;
  }

  /** Where traces are posted to. */
  get url(): string {
    return `http://${this.#address(0)}/v1/traces`;
  }

  async start(): Promise<void> {
    const { directory, jaeger, env } = this.#place;
    mkdirSync(directory, { recursive: true });
    const log = openSync(join(directory, "log"), "a");
    const child = spawn(
      join(this.#program, "collector"),
      ["--config", join(root, "collector/gateway.yaml")],
      {
        cwd: directory,
        stdio: ["ignore", log, log],
        env: {
          PATH: process.env["PATH"],
          HOME: process.env["HOME"],
          AGENT_OTEL_OTLP_HTTP_ENDPOINT: this.#address(0),
          AGENT_OTEL_OTLP_GRPC_ENDPOINT: this.#address(1),
          AGENT_OTEL_TELEMETRY_HOST: "127.0.0.1",
          AGENT_OTEL_TELEMETRY_PORT: String(this.#place.port + 2),
          AGENT_OTEL_HEALTH_ENDPOINT: this.#address(3),
          AGENT_OTEL_JAEGER_ENDPOINT: jaeger,
          AGENT_OTEL_REMOTE_WRITE_ENDPOINT: `http://${this.#address(4)}/api/v1/write`,
          AGENT_OTEL_QUEUE_DIR: join(directory, "queue"),
          AGENT_OTEL_WAL_DIR: join(directory, "wal"),
          ...env,
        },
      },
    );
    closeSync(log);
    this.#child = child;
    while (!(await this.#answers())) {
      if (child.exitCode !== null)
        throw new Error(`the gateway ended: ${readFileSync(join(directory, "log"), "utf8")}`);
      await setTimeout(100);
    }
  }

  /** Where it stands, as the machine's memory killer would. */
  async kill(): Promise<void> {
    if (this.#child !== undefined) await kill(this.#child);
  }

  /** Asks it to end, as an orchestrator does. */
  async end(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, "close");
    child.kill("SIGTERM");
    await closed;
  }

  /** Spans that it has taken since it was started last, as it tells itself. */
  async accepted(): Promise<number> {
    const text = await (await fetch(`http://${this.#address(2)}/metrics`)).text();
    return Number(/^otelcol_receiver_accepted_spans\S* (\d+)/m.exec(text)?.[1] ?? 0);
  }

  #address(offset: number): string {
    return `127.0.0.1:${this.#place.port + offset}`;
  }

  async #answers(): Promise<boolean> {
    try {
      return (await fetch(`http://${this.#address(3)}/`)).ok;
    } catch {
      return false;
    }
  }
}
