import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Books } from "../../../examples/support-desk/tally.ts";
import { root } from "../../contract/source-files.ts";

/** `agent-otel dev`, and the support desk that has sent all its telemetry there and stays. */
export interface Desk {
  /** Of the page, with a slash at its end. */
  readonly url: string;
  readonly urlWithToken: string;
  /** Milliseconds from the start of the process until it said where it listens. */
  readonly startMs: number;
  /** What the desk counted itself. */
  readonly books: Books;
  end(): Promise<void>;
}

/** @param port And the next one. */
export async function openDesk(port: number): Promise<Desk> {
  const folder = mkdtempSync(join(tmpdir(), "agent-otel-desk-"));
  const [db, booksFile] = [join(folder, "agent-otel.db"), join(folder, "books.json")];
  const beganMs = performance.now();
  const dev = start(
    [
      join(root, "dist/cli/main.js"),
      "dev",
      "--json",
      "--port",
      String(port),
      "--otlp-port",
      String(port + 1),
    ].concat(["--db", db, "--telemetry", join(folder, "telemetry.db")]),
    {},
  );
  const { url, urlWithToken, otlpUrl } = JSON.parse(await firstLine(dev)) as Record<
    "url" | "urlWithToken" | "otlpUrl",
    string
  >;
  const startMs = performance.now() - beganMs;
  const desk = start(["--import", "agent-otel/register", join(root, "examples/support-desk/main.ts")], {
    OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl,
    OTEL_LOGS_EXPORTER: "otlp",
    OTEL_METRIC_EXPORT_INTERVAL: "1000",
    OTEL_METRIC_EXPORT_TIMEOUT: "1000",
    OTEL_SERVICE_NAME: "support-desk",
    AGENT_OTEL_DB: db,
    AGENT_OTEL_LOG: "none",
    DEMO_BOOKS: booksFile,
    DEMO_STAY: "1",
  });
  await firstLine(desk);
  // The books are written in the same turn as the line.
  const books = JSON.parse(readFileSync(booksFile, "utf8")) as Books;
  return {
    url,
    urlWithToken,
    startMs,
    books,
    async end() {
      desk.stdin?.end();
      await closed(desk);
      dev.kill("SIGTERM");
      await closed(dev);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function start(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, args, {
    cwd: root,
    stdio: ["pipe", "pipe", "inherit"],
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env },
  });
}

async function firstLine(child: ChildProcess): Promise<string> {
  const ended = closed(child).then(() => [undefined]);
  const [line] = (await Promise.race([once(createInterface(child.stdout!), "line"), ended])) as [unknown];
  if (typeof line !== "string") throw new Error("it ended before it said anything");
  return line;
}

async function closed(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "close");
}
