// What it costs a program to start with us: `node --import <register> empty.mjs`, over bare Node, against OpenTelemetry's own
// SDK for Node started alone, and against the peers; and to import us alone, without an SDK. CPU time of the whole process until it exits; fresh processes in turn.
// Run: node bench/startup.bench.ts [register file, when it is not the built one]
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve as resolvePath } from "node:path";
import { fileURLToPath } from "node:url";
import { type Claim, report } from "./claims.ts";
import { median } from "./harness.ts";
import { installPeers, peerVersion } from "./peers.ts";
import { type Cost, startOnce } from "./start-once.ts";

const ROUNDS = 11;
const MOST_OVER_SDK_NODE = 1.1;
const ROOT = fileURLToPath(new URL("../", import.meta.url));
const BARE = "bare Node";
const OURS = "agent-otel/register";
const SDK_NODE = "@opentelemetry/sdk-node";
const IMPORT = 'import "agent-otel" alone';
const OPENAI = "instrumentation-openai alone";
/** A program that only imports us should not be felt at its start. */
const MOST_IMPORT_MS = 80;

interface Start {
  readonly name: string;
  /** Loaded before the program; none for bare Node. */
  readonly file?: string;
  readonly peer?: string;
}

const peers: Start[] = [
  { name: "OpenLIT", file: "peers/start/openlit.mjs", peer: "openlit" },
  { name: "OpenLLMetry", file: "peers/start/openllmetry.mjs", peer: "@traceloop/node-server-sdk" },
  {
    name: "auto-instrumentations",
    file: "peers/start/auto-instrumentations.mjs",
    peer: "@opentelemetry/auto-instrumentations-node",
  },
];
const starts: Start[] = [
  { name: BARE },
  { name: OURS, file: registerFile() },
  { name: SDK_NODE, file: "startup/sdk-node.mjs" },
  { name: "@opentelemetry/api alone", file: `${ROOT}node_modules/@opentelemetry/api/dist/index.mjs` },
  { name: IMPORT, file: `${ROOT}dist/index.js` },
  {
    name: OPENAI,
    file: "peers/start/instrumentation-openai.mjs",
    peer: "@opentelemetry/instrumentation-openai",
  },
  ...peers,
];

const noPeers = installPeers();
const costs = new Map<string, Cost[] | string>();
// The first round fills the file cache.
for (let round = -1; round < ROUNDS; round++) {
  for (const start of starts) {
    const before =
      round <= 0 && typeof costs.get(start.name) !== "string" ? [] : (costs.get(start.name) ?? []);
    costs.set(start.name, await oneMore(start, before));
  }
}
report("startup: CPU time over bare Node, until an empty program exits", [
  {
    claim: `${OURS} against ${SDK_NODE} alone`,
    bound: MOST_OVER_SDK_NODE,
    measured: againstOurs(SDK_NODE),
    unit: "×",
  },
  { claim: IMPORT, bound: MOST_IMPORT_MS, measured: median(overBare(IMPORT) ?? []), unit: "ms" },
  ...peers.map(({ name }) => ({
    claim: `${OURS} against ${name}`,
    bound: 1,
    measured: againstOurs(name),
    unit: "×" as const,
    optional: overBare(name) === undefined,
  })),
  ...starts.map(published),
]);

function registerFile(): string {
  const given = process.argv[2];
  if (given !== undefined) return resolvePath(given);
  const built = `${ROOT}dist/register.js`;
  if (!existsSync(built)) execFileSync("npm", ["run", "--silent", "build"], { cwd: ROOT, stdio: "inherit" });
  return built;
}

async function oneMore(start: Start, before: Cost[] | string): Promise<Cost[] | string> {
  if (typeof before === "string") return before;
  if (start.peer !== undefined && noPeers !== undefined) return noPeers;
  try {
    return [...before, await startOnce("empty.mjs", start.file)];
  } catch (error) {
    return (error as Error).message;
  }
}

/** Milliseconds over bare Node in each round. */
function overBare(name: string, what: "cpuMs" | "wallMs" = "cpuMs"): number[] | undefined {
  const of = costs.get(name);
  const bare = costs.get(BARE);
  if (!Array.isArray(of) || !Array.isArray(bare)) return undefined;
  return of.map((cost, round) => cost[what] - (bare[round]?.[what] ?? Number.NaN));
}

function againstOurs(name: string): number | undefined {
  const ours = overBare(OURS);
  const theirs = overBare(name);
  if (ours === undefined || theirs === undefined) return undefined;
  return median(ours.map((ms, round) => ms / (theirs[round] ?? Number.NaN)));
}

function published({ name, peer }: Start): Claim {
  const cost = costs.get(name) ?? "not measured";
  if (typeof cost === "string") {
    return { claim: name, measured: undefined, unit: "ms", note: `not run: ${cost}` };
  }
  const cpu = name === BARE ? cost.map(({ cpuMs }) => cpuMs) : (overBare(name) ?? []);
  const wall = name === BARE ? cost.map(({ wallMs }) => wallMs) : (overBare(name, "wallMs") ?? []);
  const note = [
    `wall ${Math.round(median(wall))} ms`,
    `memory ${Math.round(median(cost.map(({ rssBytes }) => rssBytes)) / 2 ** 20)} MiB in all`,
    ...(peer === undefined ? [] : [peerVersion(peer)]),
  ].join(", ");
  return { claim: name === BARE ? BARE : `${name}, over bare`, measured: median(cpu), unit: "ms", note };
}
