// `npm run demo`: starts `agent-otel dev`, runs two programs that send to it, prints its address, and stays until Ctrl-C; with --once, or without
// a terminal, it ends by itself. With OTEL_EXPORTER_OTLP_ENDPOINT set all goes there instead, and nothing is started.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

interface Addresses {
  readonly url: string;
  readonly urlWithToken: string;
  readonly otlpUrl: string;
}

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const args = process.argv.slice(2);
const stays = !args.includes("--once") && process.stdout.isTTY === true;
const goal = args.filter((arg) => arg !== "--once");
const { OTEL_EXPORTER_OTLP_ENDPOINT: elsewhere, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: tracesElsewhere } =
  process.env;

if (elsewhere || tracesElsewhere) {
  process.exitCode = await ended(run([file("../supervisor/run.ts"), ...goal]));
} else {
  const folder = mkdtempSync(join(tmpdir(), "agent-otel-demo-"));
  const db = join(folder, "agent-otel.db");
  const [dev, { url, urlWithToken, otlpUrl }] = await startDev([
    "--db",
    db,
    "--telemetry",
    join(folder, "telemetry.db"),
  ]);
  const sent = {
    OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl,
    OTEL_LOGS_EXPORTER: "otlp",
    // Nobody who looks wants to wait for a minute.
    OTEL_METRIC_EXPORT_INTERVAL: "1000",
    OTEL_METRIC_EXPORT_TIMEOUT: "1000",
    AGENT_OTEL_DB: db,
  };
  process.exitCode = await ended(run([file("../supervisor/run.ts"), ...goal], { ...sent, DEMO_PAGE: url }));
  console.log("\n$ node --import agent-otel/register examples/support-desk/main.ts\n");
  const desk = run(["--import", "agent-otel/register", file("../support-desk/main.ts")], {
    ...sent,
    AGENT_OTEL_LOG: "none",
    OTEL_SERVICE_NAME: "support-desk",
    ...(stays && { DEMO_STAY: "1" }),
  });
  const deskEnd = ended(desk);
  // It says what it did when all its tickets are done.
  await Promise.race([once(desk.stdout!, "data"), deskEnd]);
  if (stays) {
    console.log(`\nSee it all: ${urlWithToken}\n\nCtrl-C ends it.\n`);
    await once(process, "SIGINT");
    desk.stdin?.end();
    await deskEnd;
  } else {
    process.exitCode ||= await deskEnd;
    console.log(`\nIt was all on ${url}, which ends now; in a terminal \`npm run demo\` stays until Ctrl-C.`);
  }
  dev.kill("SIGTERM");
  await ended(dev);
  rmSync(folder, { recursive: true, force: true });
}

/** On the ports that programs send to by themselves; on any others where somebody has these. */
async function startDev(places: readonly string[]): Promise<[ChildProcess, Addresses]> {
  const usual = await tryDev([...places, "--json"]);
  const found = usual ?? (await tryDev([...places, "--json", "--port", "0", "--otlp-port", "0"]));
  if (found === undefined) throw new Error("agent-otel dev did not start; its message is above");
  return found;
}

async function tryDev(args: readonly string[]): Promise<[ChildProcess, Addresses] | undefined> {
  const child = spawn(process.execPath, [file("../../dist/cli/main.js"), "dev", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    // Ctrl-C is for the demo, which ends it.
    detached: true,
  });
  const [line] = (await Promise.race([
    once(createInterface({ input: child.stdout }), "line"),
    once(child, "close").then(() => [undefined]),
  ])) as [string | undefined];
  return line === undefined ? undefined : [child, JSON.parse(line) as Addresses];
}

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  const isDesk = env["OTEL_SERVICE_NAME"] !== undefined;
  const child = spawn(process.execPath, args, {
    // Where `agent-otel/register` is found: in your project that is its root.
    cwd: file("../.."),
    stdio: [isDesk ? "pipe" : "ignore", isDesk ? "pipe" : "inherit", "inherit"],
    env: { ...process.env, ...env },
    // Ctrl-C is for the demo, which ends it.
    detached: isDesk,
  });
  child.stdout?.pipe(process.stdout);
  return child;
}

async function ended(child: ChildProcess): Promise<number> {
  if (child.exitCode !== null) return child.exitCode;
  const [code] = (await once(child, "close")) as [number | null];
  return code ?? 1;
}
