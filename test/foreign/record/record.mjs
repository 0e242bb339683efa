// Records what real libraries emit, for test/foreign: `npm ci` in this folder, then `node record.mjs [DIALECT …]`. Each dialect runs
// in a process of its own, since most libraries patch clients for the whole process. Nothing leaves this machine. Delete node_modules
// when done: some packages bring tests of their own, which the test runner would find here. `biome check --write` lays the files out.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { scriptedProvider } from "../../../src/testing/scripted-provider/scripted-provider.ts";
import { answer } from "./scenarios.mjs";

const here = import.meta.dirname;
const [first, ...others] = process.argv.slice(2);

if (first === "--one") await recordOne(others[0]);
else for (const dialect of first === undefined ? all() : [first, ...others]) start(dialect);

function all() {
  return readdirSync(`${here}/dialects`).map((name) => name.replace(/\.mjs$/, ""));
}

function start(dialect) {
  const { status } = spawnSync(process.execPath, [import.meta.filename, "--one", dialect], {
    stdio: "inherit",
  });
  if (status !== 0) throw new Error(`recording ${dialect} failed`);
}

async function recordOne(dialect) {
  const { libraries, record } = await import(`./dialects/${dialect}.mjs`);
  const provider = await scriptedProvider({ respond: answer });
  const spans = await record(provider);
  await provider.close();
  const fixture = {
    dialect,
    origin: "recorded by running the libraries",
    libraries: Object.fromEntries(libraries.map((name) => [name, versionOf(name)])),
    spans,
  };
  writeFileSync(`${here}/../fixtures/${dialect}.json`, `${JSON.stringify(fixture, null, 2)}\n`);
  console.log(`${dialect}: ${spans.length} spans`);
  // Some libraries keep timers of their own.
  process.exit(0);
}

function versionOf(name) {
  return JSON.parse(readFileSync(`${here}/node_modules/${name}/package.json`, "utf8")).version;
}
