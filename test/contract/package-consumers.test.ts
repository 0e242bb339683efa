import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installPacked, pack, packageEntries } from "./packed.ts";
import { root } from "./source-files.ts";

const run = promisify(execFile);
// Inside the checkout, so that what the package depends on is found in the folders above.
const folder = join(root, ".stack", `consumers-${process.pid}`);

interface Consumer {
  readonly name: string;
  readonly type: "module" | "commonjs";
  readonly compilerOptions: Readonly<Record<string, unknown>>;
}

const CONSUMERS: readonly Consumer[] = [
  { name: "nodenext-esm", type: "module", compilerOptions: { module: "nodenext" } },
  { name: "nodenext-cjs", type: "commonjs", compilerOptions: { module: "nodenext" } },
  { name: "node20-cjs", type: "commonjs", compilerOptions: { module: "node20" } },
  { name: "node16-esm", type: "module", compilerOptions: { module: "node16" } },
  {
    name: "bundler",
    type: "module",
    compilerOptions: { module: "preserve", moduleResolution: "bundler" },
  },
];

/** Loads every entry but the one that only acts, and uses what most programs use. */
const PROGRAM = `
import { agent, type CallRecord, onCall } from "agent-otel";
${packageEntries()
  .map((entry, at) => `import * as entry${at} from ${JSON.stringify(entry)};`)
  .join("\n")}
const records: CallRecord[] = [];
onCall((record) => records.push(record));
const double = agent("doubler", async (n: number): Promise<number> => n * 2);
const entries = [${packageEntries().map((_, at) => `entry${at}`)}];
void double(21).then((answer: number) => {
  console.log(JSON.stringify({ answer, agents: records.map(({ agent: name }) => name), entries: entries.length }));
});
`;

beforeAll(() => {
  using packed = pack();
  installPacked(packed, folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write({ name, type, compilerOptions }: Consumer): string {
  const to = join(folder, name);
  mkdirSync(to, { recursive: true });
  const tsconfig = {
    compilerOptions: {
      target: "es2023",
      lib: ["esnext", "dom"],
      types: ["node"],
      strict: true,
      skipLibCheck: true,
      outDir: "out",
      rootDir: ".",
      ...compilerOptions,
    },
    include: ["*.ts"],
  };
  writeFileSync(join(to, "package.json"), JSON.stringify({ name: `consumer-${name}`, private: true, type }));
  writeFileSync(join(to, "tsconfig.json"), JSON.stringify(tsconfig));
  writeFileSync(join(to, "program.ts"), PROGRAM);
  return to;
}

const node = (args: readonly string[], cwd: string) =>
  run(process.execPath, [...args], {
    cwd,
    env: { PATH: process.env["PATH"], OTEL_SDK_DISABLED: "true", AGENT_OTEL_LOG: "none" },
  });

describe("a program that installs the packed package", () => {
  it.each(CONSUMERS)("compiles and runs: $name", async (consumer) => {
    const to = write(consumer);
    const { stdout } = await run(join(root, "node_modules/.bin/tsc"), ["-p", to]).catch((error: unknown) => {
      throw new Error((error as { stdout: string }).stdout);
    });
    expect(stdout).toBe("");
    const ran = await node(["out/program.js"], to);
    expect(ran.stderr).toBe("");
    const entries = packageEntries().length;
    expect(JSON.parse(ran.stdout)).toEqual({ answer: 42, agents: ["doubler"], entries });
  });

  it.each(packageEntries())("can require(%j): no top-level await is in its way", async (entry) => {
    const program = `console.log(typeof require(${JSON.stringify(entry)}))`;
    const { stdout, stderr } = await node(["--input-type=commonjs", "-e", program], folder);
    expect([stdout, stderr]).toEqual(["object\n", ""]);
  });

  it("gets one copy of the package from import and require", async () => {
    const program = `import { createRequire } from "node:module";
      import { agent } from "agent-otel";
      console.log(createRequire(process.cwd() + "/")("agent-otel").agent === agent);`;
    const { stdout } = await node(["--input-type=module", "-e", program], folder);
    expect(stdout).toBe("true\n");
  });
});
