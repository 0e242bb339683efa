import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alertmanager } from "../../stack-parts/alertmanager.ts";
import { built } from "../../stack-parts/build.ts";
import { collector } from "../../stack-parts/collector.ts";
import { composePlugin } from "../../stack-parts/compose-plugin.ts";
import { kustomize } from "../../stack-parts/kustomize.ts";
import type { Program } from "../../stack-parts/part.ts";
import { CACHE } from "../../stack-parts/paths.ts";
import { prometheus } from "../../stack-parts/prometheus.ts";
import { openRecordedRun } from "../recorded-run/open.ts";
import type { RecordedRun } from "../recorded-run/recorded-run.ts";
import { filesOf, type Shipped } from "../shipped.ts";
import { type GrafanaParts, loadGrafanaParts } from "./grafana-parts.ts";
import { runProgram } from "./run-program.ts";
import { startCollector } from "./start-collector.ts";
import type { ProgramName, Tools } from "./tools.ts";

const PROGRAMS: Readonly<Record<ProgramName, Program>> = {
  promtool: prometheus,
  collector,
  amtool: alertmanager,
  "docker-compose": composePlugin,
  kustomize,
};

export interface ToolsOptions {
  /** The tree that the recorded run's rules are taken from. */
  readonly shipped: Shipped;
  /** Metrics of the run, in OpenMetrics text, gzipped. */
  readonly recorded: string;
  readonly say: (line: string) => void;
}

/** The real tools. What the stack's cache lacks is built, which takes minutes. */
export function makeTools({ shipped, recorded, say }: ToolsOptions): Tools & { close(): Promise<void> } {
  const scratch = mkdtempSync(join(tmpdir(), "agent-otel-check-"));
  let run: Promise<RecordedRun> | undefined;
  let grafana: GrafanaParts | undefined;
  let scratches = 0;
  const folders = new Map<ProgramName, Promise<string>>();
  const folderOf = (name: ProgramName): Promise<string> => {
    const folder = folders.get(name) ?? built(PROGRAMS[name], say);
    folders.set(name, folder);
    return folder;
  };
  const open = async () =>
    openRecordedRun({
      recorded,
      rules: filesOf(shipped, RULES).map(([, text]) => text),
      programs: await folderOf("promtool"),
      cache: CACHE,
      async run(file, ...args) {
        const { code, said } = await runProgram(file, args);
        if (code !== 0) throw new Error(`${file} ${args.join(" ")}: ${said}`);
        return said;
      },
    });
  return {
    recordedRun() {
      run ??= open();
      return run;
    },
    async grafana() {
      grafana ??= loadGrafanaParts(say);
      return grafana;
    },
    program: async (name, ...args) => runProgram(join(await folderOf(name), name), args),
    startCollector: async (config) => startCollector(join(await folderOf("collector"), "collector"), config),
    scratch() {
      scratches += 1;
      return mkdtempSync(join(scratch, `${scratches}-`));
    },
    async close() {
      await (await run?.catch(() => undefined))?.close();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

const RULES = /^collector\/rules\/[^/]+\.yaml$/;
