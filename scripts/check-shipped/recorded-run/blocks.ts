import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { stringify } from "yaml";
import { list, section, word, yamlDocuments } from "../data.ts";
import { parsePromql } from "../promql/tree.ts";
import { selectorsIn } from "../promql/uses.ts";
import { startPrometheus } from "./server.ts";

export interface BlocksOptions {
  /** Metrics of the run in OpenMetrics text, gzipped. */
  readonly recorded: string;
  /** Rule files of Prometheus, as text. */
  readonly rules: readonly string[];
  /** The folder with `prometheus` and `promtool`. */
  readonly programs: string;
  /** Where filled blocks are kept for the next time. */
  readonly cache: string;
  readonly run: (program: string, ...args: readonly string[]) => Promise<string>;
}

/** Of the folders in the cache, the newest ones stay: one for each state of the rules that somebody works on. */
const KEPT = 4;
/** What a killed run left behind. */
const LEFT_AFTER_MS = 3_600_000;

/** @returns A folder with the blocks of the run, and of what the rules make of it. It is shared: copy it before a server works on it. */
export async function blocksOf(options: BlocksOptions): Promise<string> {
  const { recorded, rules, cache } = options;
  const key = createHash("sha256")
    .update(readFileSync(recorded))
    .update(`${SLOWER}\0${rules.join("\0")}`)
    .digest("hex")
    .slice(0, 16);
  const folder = join(cache, `recorded-run-${key}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(`${folder}.filling-`);
  try {
    await fill(scratch, options);
    keep(join(scratch, "blocks"), folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  prune(cache);
  return folder;
}

async function fill(scratch: string, options: BlocksOptions): Promise<void> {
  const blocks = join(scratch, "blocks");
  const text = join(scratch, "run.openmetrics");
  writeFileSync(text, slower(gunzipSync(readFileSync(options.recorded)).toString("utf8")));
  const promtool = join(options.programs, "promtool");
  await options.run(promtool, "tsdb", "create-blocks-from", "openmetrics", text, blocks);
  const [fromMs, toMs] = timesOf(blocks);
  // A rule sees only what a pass before it has written.
  for (const [pass, groups] of passesOf(options.rules).entries()) {
    const file = join(scratch, `rules-${pass}.yaml`);
    writeFileSync(file, stringify({ groups }));
    const data = join(scratch, `data-${pass}`);
    cpSync(blocks, data, { recursive: true });
    const server = await startPrometheus(join(options.programs, "prometheus"), data);
    try {
      const made = join(scratch, `made-${pass}`);
      const when = [`--start=${Math.floor(fromMs / 1000)}`, `--end=${Math.ceil(toMs / 1000)}`];
      await options.run(
        promtool,
        "tsdb",
        "create-blocks-from",
        "rules",
        `--url=${server.url}`,
        ...when,
        "--eval-interval=30s",
        `--output-dir=${made}`,
        file,
      );
      if (existsSync(made)) cpSync(made, blocks, { recursive: true });
    } finally {
      await server.close();
    }
  }
}

/** How many times slower the run goes by: scrapes that were 5 s apart are a minute apart, as exports of the SDK are. */
const SLOWER = 12;
const SAMPLE = /^([^#].*) (\d+(?:\.\d+)?)$/;

/** With the time of its last sample kept. @param text Samples end with their time in seconds; the run has no exemplars. */
export function slower(text: string): string {
  const lines = text.split("\n");
  const times = lines.flatMap((line) => Number(SAMPLE.exec(line)?.[2] ?? []));
  const end = times.reduce((latest, time) => Math.max(latest, time), 0);
  const moved = (time: string) => (end - (end - Number(time)) * SLOWER).toFixed(3);
  return lines
    .map((line) => line.replace(SAMPLE, (_, sample: string, time: string) => `${sample} ${moved(time)}`))
    .join("\n");
}

/** First and last sample, in milliseconds. */
export function timesOf(blocks: string): readonly [fromMs: number, toMs: number] {
  const metas = readdirSync(blocks)
    .map((name) => join(blocks, name, "meta.json"))
    .filter((file) => existsSync(file))
    .map(
      (file) =>
        JSON.parse(readFileSync(file, "utf8")) as { readonly minTime: number; readonly maxTime: number },
    );
  // The end of a block is the first millisecond that is no longer in it.
  return [Math.min(...metas.map((meta) => meta.minTime)), Math.max(...metas.map((meta) => meta.maxTime)) - 1];
}

interface Group {
  readonly name: string;
  readonly rules: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Recording rules in the order of what they need, and alerts at the end: those are recorded as `ALERTS`, which is what a Prometheus that
 * had been there would have kept. How long a condition must hold is left out.
 */
export function passesOf(texts: readonly string[]): readonly (readonly Group[])[] {
  const all = texts
    .flatMap(yamlDocuments)
    .flatMap((file) => list(file, "groups"))
    .flatMap((group) => list(group, "rules"));
  let waiting = all.filter((rule) => word(rule, "record") !== "");
  const passes: Group[][] = [];
  while (waiting.length > 0) {
    const records = new Set(waiting.map((rule) => word(rule, "record")));
    const ready = waiting.filter(
      (rule) => !metricsOf(word(rule, "expr")).some((metric) => records.has(metric)),
    );
    if (ready.length === 0) throw new Error(`recording rules need each other: ${[...records].join(", ")}`);
    passes.push([{ name: `pass ${passes.length}`, rules: ready }]);
    waiting = waiting.filter((rule) => !ready.includes(rule));
  }
  const alerts = all.filter((rule) => word(rule, "alert") !== "");
  const rules = alerts.map((rule) => {
    const labels = Object.entries(section(rule, "labels")).map(
      ([name, value]) => [name, String(value)] as const,
    );
    const copied = labels.flatMap(([to, value]) => {
      const from = /^\{\{ *\$labels\.(\w+) *\}\}$/.exec(value)?.[1];
      return from === undefined ? [] : [{ to, from }];
    });
    const fixed = Object.fromEntries(labels.filter(([, value]) => !value.includes("{{")));
    return {
      record: "ALERTS",
      expr: copied.reduce(
        (expr, { to, from }) => `label_replace(${expr}, "${to}", "$1", "${from}", "(.+)")`,
        word(rule, "expr"),
      ),
      labels: { ...fixed, alertname: word(rule, "alert"), alertstate: "firing" },
    };
  });
  if (rules.length > 0) passes.push([{ name: "alerts", rules }]);
  return passes;
}

function metricsOf(expr: string): readonly string[] {
  const parsed = parsePromql(expr);
  return parsed === undefined ? [] : selectorsIn(parsed).map(({ metric }) => metric);
}

/** Another process may have filled the same at the same time: then theirs is as good. */
function keep(blocks: string, folder: string): void {
  try {
    renameSync(blocks, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

function prune(cache: string): void {
  const folders = readdirSync(cache)
    .filter((name) => /^recorded-run-[0-9a-f]+$/.test(name))
    .map((name) => join(cache, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  const left = readdirSync(cache)
    .filter((name) => /^recorded-run-.*\.filling-/.test(name))
    .map((name) => join(cache, name));
  const old = left.filter((folder) => Date.now() - statSync(folder).mtimeMs > LEFT_AFTER_MS);
  for (const folder of [...old, ...folders.slice(KEPT)]) rmSync(folder, { recursive: true, force: true });
}
