// What it costs to have us: packages and megabytes that an install brings, against the peers', each in a fresh folder; and what importing
// costs a program, wall time of the whole process over bare Node. Fresh processes in turn. Needs a registry.
// Run: node bench/install.bench.ts
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Claim, report } from "./claims.ts";
import { median } from "./harness.ts";
import { type InstallSize, installSize } from "./install-size.ts";
import { installPeers, peerVersion } from "./peers.ts";
import { startOnce } from "./start-once.ts";

const ROUNDS = 15;
const MOST_IMPORT_MS = 80;
const MIB = 2 ** 20;
const ROOT = fileURLToPath(new URL("../", import.meta.url));
const API = "@opentelemetry/api@1.10.0";

/**
 * With what each needs to send traces, as its manual has it. The bounded ones bring an SDK too; in packages not OpenLIT, which has no server,
 * no stores and no schema of answers, and some eight fewer.
 */
const PEERS: readonly {
  readonly name: string;
  readonly specs: readonly string[];
  readonly bounded: readonly ("MiB" | "packages")[];
}[] = [
  { name: "OpenLIT", specs: ["openlit@1.15.0"], bounded: ["MiB"] },
  {
    name: "OpenLLMetry",
    specs: ["@traceloop/node-server-sdk@0.27.0"],
    bounded: ["MiB", "packages"],
  },
  {
    name: "auto-instrumentations",
    specs: [API, "@opentelemetry/auto-instrumentations-node@0.82.0"],
    bounded: ["MiB", "packages"],
  },
  {
    name: "Langfuse with sdk-node",
    // Its peer ranges need the SDK of 2.x, and that the API before 1.10: npm does not find the four by itself.
    specs: [
      "@langfuse/otel@5.11.1",
      "@langfuse/tracing@5.11.1",
      "@opentelemetry/api@1.9.1",
      "@opentelemetry/exporter-trace-otlp-http@0.223.0",
      "@opentelemetry/sdk-node@0.223.0",
    ],
    bounded: [],
  },
  {
    name: "openai instrumentation with sdk-node",
    specs: [API, "@opentelemetry/instrumentation-openai@0.22.0", "@opentelemetry/sdk-node@0.301.0"],
    bounded: [],
  },
  { name: "sdk-node", specs: [API, "@opentelemetry/sdk-node@0.301.0"], bounded: [] },
];

if (!existsSync(`${ROOT}dist/index.js`))
  execFileSync("npm", ["run", "--silent", "build"], { cwd: ROOT, stdio: "inherit" });
const ours = ownSize();
report("install: packages and MiB in a fresh folder, milliseconds to import", [
  published("agent-otel with the API", ours),
  ...PEERS.flatMap(({ name, specs, bounded }) => {
    const theirs = installSize(specs);
    return [published(name, theirs), ...bounded.map((what) => against(name, what, theirs))];
  }),
  ...(await imports()),
]);

function ownSize(): InstallSize | string {
  const folder = mkdtempSync(join(tmpdir(), "agent-otel-pack-"));
  try {
    const args = ["pack", "--ignore-scripts", "--pack-destination", folder];
    execFileSync("npm", args, { cwd: ROOT, stdio: "ignore" });
    const [tarball = ""] = readdirSync(folder);
    return installSize([join(folder, tarball), API]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function published(name: string, size: InstallSize | string): Claim {
  if (typeof size === "string")
    return { claim: name, measured: undefined, unit: "MiB", note: `not run: ${size}` };
  return { claim: name, measured: size.bytes / MIB, unit: "MiB", note: `${size.packages} packages` };
}

function against(name: string, what: "MiB" | "packages", theirs: InstallSize | string): Claim {
  const known = typeof ours !== "string" && typeof theirs !== "string";
  const key = what === "MiB" ? "bytes" : "packages";
  return {
    claim: `agent-otel against ${name}, ${what}`,
    bound: 1,
    measured: known ? ours[key] / theirs[key] : undefined,
    unit: "×",
    optional: true,
  };
}

/** Wall time, as a user waits for it; a median, since the machine has other work. */
async function imports(): Promise<readonly Claim[]> {
  const noPeers = installPeers();
  const loads: readonly {
    readonly name: string;
    readonly file: string | undefined;
    readonly peer?: string;
  }[] = [
    { name: "bare Node", file: undefined },
    { name: "@opentelemetry/api", file: `${ROOT}node_modules/@opentelemetry/api/dist/index.mjs` },
    { name: 'import "agent-otel"', file: `${ROOT}dist/index.js` },
    { name: "--import agent-otel/register", file: `${ROOT}dist/register.js` },
    { name: "OpenLIT", file: "peers/start/openlit.mjs", peer: "openlit" },
    { name: "OpenLLMetry", file: "peers/start/openllmetry.mjs", peer: "@traceloop/node-server-sdk" },
    {
      name: "auto-instrumentations",
      file: "peers/start/auto-instrumentations.mjs",
      peer: "@opentelemetry/auto-instrumentations-node",
    },
  ];
  const wall = new Map<string, number[]>();
  // The first round fills the file cache.
  for (let round = -1; round < ROUNDS; round++) {
    for (const { name, file, peer } of loads) {
      if (peer !== undefined && noPeers !== undefined) continue;
      const { wallMs } = await startOnce("empty.mjs", file);
      if (round >= 0) wall.set(name, [...(wall.get(name) ?? []), wallMs]);
    }
  }
  const bare = wall.get("bare Node") ?? [];
  return loads.map(({ name, file, peer }): Claim => {
    const of = wall.get(name);
    if (of === undefined)
      return { claim: name, measured: undefined, unit: "ms", note: `not run: ${noPeers}` };
    if (file === undefined) return { claim: name, measured: median(of), unit: "ms" };
    const over = of.map((ms, round) => ms - (bare[round] ?? Number.NaN));
    const bound = name === 'import "agent-otel"' ? { bound: MOST_IMPORT_MS } : {};
    const note = peer === undefined ? {} : { note: peerVersion(peer) };
    return { claim: `${name}, over bare`, measured: median(over), unit: "ms", ...bound, ...note };
  });
}
