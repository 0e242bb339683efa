import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../contract/source-files.ts";
import type { Books } from "../programs/everything/books.ts";
import { moodyReceiver } from "../programs/everything/moody-receiver.ts";
import { runOffice } from "../programs/everything/office.ts";
import { startProgram } from "./program.ts";
import type { Stack } from "./stack.ts";

/** Three applications: the desk and the night shift have our SDK, the office only sends spans. */
export interface EverythingRun {
  readonly desk: Books;
  readonly night: Books;
  readonly office: Books;
  end(): Promise<void>;
}

const SEED = "7";
/** The night shift's receiver, request by request; then it is busy for good. */
const MOODS = ["busy", "taken", "partly", "lost", "taken", "taken"] as const;

/** Runs everything.ts, night.ts and the office. The programs stay, so that their gauges can be looked at. */
export async function runEverything(stack: Stack): Promise<EverythingRun> {
  const directory = mkdtempSync(join(tmpdir(), "agent-otel-everything-"));
  const collector = stack.endpoint("collector", "otlp-http");
  const spool = join(directory, "spool");
  const nightApp = "shop/night";
  const night = {
    AGENT_OTEL_SPOOL_DIR: spool,
    OTEL_SERVICE_NAME: "night",
    OTEL_RESOURCE_ATTRIBUTES: "service.namespace=shop",
    NIGHT_APP: nightApp,
  };
  await leaveSpool(night);
  damageFirst(spool);

  const receiver = await moodyReceiver(collector, MOODS);
  const atNight = await startProgram<Books>("everything/night.ts", [SEED, "6"], {
    ...night,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${receiver.url}/v1/traces`,
  });
  const home = join(directory, "desk");
  mkdirSync(home);
  const atDesk = await startProgram<Books>("everything.ts", [SEED, "60", home], {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector,
    OTEL_SERVICE_NAME: "desk",
    OTEL_BSP_SCHEDULE_DELAY: "200",
  });
  const office = await runOffice(collector, "office", Number(SEED), 60);
  return {
    desk: atDesk.truth,
    night: atNight.truth,
    office,
    async end() {
      await Promise.all([atDesk.end(), atNight.end()]);
      receiver.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A process that dies before it has delivered anything. */
async function leaveSpool(env: Readonly<Record<string, string>>): Promise<void> {
  const file = join(root, "test/stack/programs/everything/night.ts");
  const program = execFile(
    process.execPath,
    ["--import", "agent-otel/register", file, SEED, "2", "crash"],
    {
      cwd: root,
      env: {
        PATH: process.env["PATH"],
        HOME: process.env["HOME"],
        AGENT_OTEL_LOG: "none",
        ...env,
        OTEL_METRICS_EXPORTER: "none",
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://127.0.0.1:9/v1/traces",
      },
    },
    () => {},
  );
  const [, signal] = (await once(program, "exit")) as [unknown, string];
  if (signal !== "SIGKILL") throw new Error("the first night shift did not end as it was meant to");
}

/** Changes a byte within the first frame on disk. */
function damageFirst(spool: string): void {
  const files = readdirSync(spool, { recursive: true, encoding: "utf8" })
    .map((name) => join(spool, name))
    .filter((file) => file.endsWith(".seg") && statSync(file).size > 200)
    .sort();
  const [first] = files;
  if (first === undefined) throw new Error("the first night shift has left nothing on disk");
  const bytes = readFileSync(first);
  bytes.writeUInt8(bytes.readUInt8(150) ^ 0xff, 150);
  writeFileSync(first, bytes);
}
