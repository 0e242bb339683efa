// Runs main.ts as you would run your own program, then shows what was traced. It prints both commands. `npm run demo` runs this first.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const traceFile = resolve(
  process.env["AGENT_OTEL_TRACE_FILE"] || join(mkdtempSync(join(tmpdir(), "agent-otel-")), "trace.jsonl"),
);
const endpoint =
  process.env["OTEL_EXPORTER_OTLP_ENDPOINT"] || process.env["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

// Without an endpoint there is most likely no collector either, and "connection refused" is no good first impression.
const added: Readonly<Record<string, string>> = {
  AGENT_OTEL_TRACE_FILE: traceFile,
  ...(endpoint ? {} : { OTEL_TRACES_EXPORTER: "none", OTEL_METRICS_EXPORTER: "none" }),
};

const args = process.argv.slice(2);
const typed = args.map((arg) => ` ${JSON.stringify(arg)}`).join("");
const variables = Object.entries(added).map(([name, value]) => `${name}=${value}`);
console.log(
  `$ ${variables.join(" ")} \\\n    node --import agent-otel/register examples/supervisor/main.ts${typed}\n`,
);
process.exitCode = await node(["--import", "agent-otel/register", here("main.ts"), ...args], added);

if (existsSync(traceFile)) {
  console.log(`\n$ npx agent-otel trace ${traceFile}\n`);
  await node([here("../../dist/cli/main.js"), "trace", traceFile]);
  const page = process.env["DEMO_PAGE"];
  if (page) console.log(`\nThe same is on the page: ${page}`);
  else
    console.log(
      endpoint
        ? `\nThe same goes to ${URL.parse(endpoint)?.host}: search Jaeger for the service "supervisor".`
        : "\nTo see it in Jaeger (http://127.0.0.1:16686), run `scripts/stack up` or `docker compose up --wait`, then\n" +
            "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 npm run demo",
    );
} else {
  console.log("\nNo spans were written, so there is no trace to show. Limits and totals do not need them.");
}

async function node(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<number> {
  const child = spawn(process.execPath, args, {
    // Where `agent-otel/register` is found: in your project that is its root.
    cwd: here("../.."),
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  const [code] = (await once(child, "close")) as [number | null];
  return code ?? 1;
}
