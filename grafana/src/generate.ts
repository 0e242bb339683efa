import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { dashboardFiles } from "./dashboards/files.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { rulesFiles } from "./rules/files.ts";

const CHECKOUT = resolve(import.meta.dirname, "../..");

const HELP = `node grafana/src/generate.ts [OPTIONS]: writes the dashboards of Grafana and the rules of Prometheus

  --check        names each file that differs, writes nothing, and leaves with 1 where there is one
  --out FOLDER   where collector/ and grafana/ are written, for files of your own (default: this checkout)
  --runbook URL  where docs/runbook.md is read, for the links in alerts (default: its path in the package)
  --grafana URL  where Grafana is, for the links in alerts (default: http://127.0.0.1:3000)`;

function main(): void {
  const { values } = parseArgs({
    options: {
      check: { type: "boolean", default: false },
      out: { type: "string", default: CHECKOUT },
      runbook: { type: "string" },
      grafana: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const { check, out, runbook, grafana } = values;
  const links = { ...(runbook !== undefined && { runbook }), ...(grafana !== undefined && { grafana }) };
  const different = [...rulesFiles(links), ...dashboardFiles()].filter(
    ([path, text]) => read(out, path) !== text,
  );
  for (const file of different) {
    if (!check) write(out, file);
    else console.error(`${file[0]} is not what the generator writes: run \`node grafana/src/generate.ts\``);
  }
  if (check && different.length > 0) process.exitCode = 1;
}

function write(out: string, [path, text]: GeneratedFile): void {
  const file = join(out, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** @returns `undefined` where there is no such file. */
function read(out: string, path: string): string | undefined {
  try {
    return readFileSync(join(out, path), "utf8");
  } catch {
    return undefined;
  }
}

main();
