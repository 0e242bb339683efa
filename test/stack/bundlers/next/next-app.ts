import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import { scriptedProvider } from "../../../../src/testing/index.ts";
import { root } from "../../../contract/source-files.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { eventually } from "../../support/eventually.ts";
import { type SpanSeen, spansOf } from "../bundled-program.ts";
import { NEXT } from "./next-install.ts";

const EXAMPLE = join(root, "examples/nextjs");
const BIN = join(NEXT, "node_modules/next/dist/bin/next");

export interface AppOptions {
  readonly bundler: "turbopack" | "webpack";
  /** Whether Next.js checks the types as well. @default false */
  readonly types?: boolean;
  /** In place of the example's. */
  readonly serverExternalPackages?: readonly string[];
  /** `false`: without `observe()` and without instrumentation.ts, as who counts on `register` writes it. @default true */
  readonly byHand?: boolean;
}

/** Builds the example for production, with an edge route beside it. Only within a test. @returns Its folder. */
export function buildApp(
  name: string,
  { bundler, types = false, serverExternalPackages, byHand = true }: AppOptions,
): string {
  const app = join(NEXT, "apps", name);
  rmSync(app, { recursive: true, force: true });
  mkdirSync(join(app, "app/edge"), { recursive: true });
  onTestFinished(() => rmSync(app, { recursive: true, force: true }));
  cpSync(EXAMPLE, app, { recursive: true });
  writeFileSync(
    join(app, "app/edge/route.ts"),
    'export const runtime = "edge";\nexport const GET = () => new Response("edge");\n',
  );
  cpSync(join(app, "next.config.mjs"), join(app, "example.config.mjs"));
  // The packages lie above the app: here one install serves several.
  writeFileSync(
    join(app, "next.config.mjs"),
    `import example from "./example.config.mjs";
     const config = { ...example, turbopack: { root: ${JSON.stringify(root)} }, outputFileTracingRoot: ${JSON.stringify(root)} };
     config.typescript = { ignoreBuildErrors: ${!types} };
     // What takes long and changes nothing of what is shown: workers for pages, of which there are none, and minifying.
     config.experimental = { cpus: 1, serverMinification: false, turbopackMinify: false, webpackBuildWorker: false };
     config.webpack = (webpack) => { webpack.optimization.minimize = false; return webpack; };
     ${serverExternalPackages === undefined ? "" : `config.serverExternalPackages = ${JSON.stringify(serverExternalPackages)};`}
     export default config;`,
  );
  if (!byHand) takeOut(app);
  execFileSync(process.execPath, [BIN, "build", ...(bundler === "webpack" ? ["--webpack"] : [])], {
    cwd: app,
    stdio: ["ignore", "pipe", "pipe"],
    env: environment(),
  });
  return app;
}

function takeOut(app: string): void {
  rmSync(join(app, "instrumentation.ts"));
  const file = join(app, "lib/agents.ts");
  const text = readFileSync(file, "utf8");
  writeFileSync(
    file,
    text.replace("observe(new OpenAI())", "new OpenAI()").replace("agent, observe", "agent"),
  );
}

function environment(env: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", ...env };
}

export interface Visit {
  readonly port: number;
  readonly register?: boolean;
}

export interface Visited {
  /** Spans of agents and models, in order of their ends: Next.js makes many others. */
  readonly spans: readonly SpanSeen[];
  readonly warnings: readonly string[];
  readonly text: string;
  readonly edge: string;
  /** Requests that the provider got. */
  readonly requests: number;
}

const OF_AGENTS = /^(?:chat|invoke_agent) /;

/** Starts the built app, asks it once, and waits until four spans are there or something was said on stderr. Only within a test. */
export async function visitApp(app: string, { port, register = false }: Visit): Promise<Visited> {
  await using provider = await scriptedProvider({
    respond: () => ({ text: "they hold hands", usage: { input: 20, output: 5 } }),
  });
  const traceFile = join(await temporaryFolder(), "trace.jsonl");
  const server = spawn(process.execPath, [BIN, "start", "--port", String(port), "--hostname", "127.0.0.1"], {
    cwd: app,
    stdio: ["ignore", "pipe", "pipe"],
    env: environment({
      OPENAI_API_KEY: "sk-test",
      OPENAI_BASE_URL: provider.openaiBaseUrl,
      OTEL_TRACES_EXPORTER: "none",
      OTEL_METRICS_EXPORTER: "none",
      OTEL_BSP_SCHEDULE_DELAY: "50",
      AGENT_OTEL_TRACE_FILE: traceFile,
      AGENT_OTEL_LOG: "none",
      ...(register ? { NODE_OPTIONS: "--import=agent-otel/register" } : {}),
    }),
  });
  const warnings: string[] = [];
  createInterface(server.stderr).on("line", (line) => warnings.push(line));
  try {
    await ready(server);
    const base = `http://127.0.0.1:${port}`;
    const text = await (await fetch(`${base}/api/ask?topic=otters`)).text();
    const edge = await (await fetch(`${base}/edge`)).text();
    const agents = () => spansOf(traceFile).filter(({ name }) => OF_AGENTS.test(name));
    await eventually(
      "the span of the outer agent",
      async () => agents().find(({ name }) => name === "invoke_agent writer"),
      20_000,
    );
    return { spans: agents(), warnings, text, edge, requests: provider.requests.length };
  } finally {
    // Next.js ends by process.exit(), where what telemetry finds out last is said.
    const ended = once(server, "close");
    server.kill("SIGTERM");
    await ended;
  }
}

async function ready({ stdout }: ChildProcess): Promise<void> {
  if (stdout === null) return;
  for await (const line of createInterface(stdout)) if (line.includes("Ready in")) break;
  stdout.resume();
}
