// `npm run compose:env`: gives docker-compose.yml the passwords it needs, in a file .env that only its owner reads, and says which of
// the published ports somebody else has. May be run again: what is set stays.
import { randomBytes } from "node:crypto";
import { chmodSync, linkSync, lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const ROOT = resolve(import.meta.dirname, "..");
const ASSIGNED = /^(#?)([A-Z][A-Z0-9_]*)=(.*)$/;

/** Lines of the file, with a secret wherever one is left out or empty. */
function withSecrets(lines: readonly string[], wanted: readonly string[]) {
  const added: string[] = [];
  const kept: string[] = [];
  const set = (name: string) => {
    added.push(name);
    // Letters, digits, - and _: nothing that a shell, Compose, a URL or redis.conf would read as something else.
    return `${name}=${randomBytes(24).toString("base64url")}`;
  };
  const done = lines.map((line) => {
    const [, comment, name = "", value = ""] = ASSIGNED.exec(line) ?? [];
    if (comment !== "" || !wanted.includes(name)) return line;
    if (value.trim() === "") return set(name);
    kept.push(name);
    return line;
  });
  const missing = wanted.filter((name) => !added.includes(name) && !kept.includes(name));
  return { lines: [...done, ...missing.map(set)], added, kept };
}

/** By a rename, so that nobody sees half a file, and never through a link to somewhere else. */
function writeOwn(file: string, text: string, isNew: boolean): void {
  const scratch = `${file}.${process.pid}.tmp`;
  writeFileSync(scratch, text, { mode: 0o600, flag: "wx" });
  try {
    if (isNew)
      linkSync(scratch, file); // fails where somebody made it meanwhile
    else renameSync(scratch, file);
  } finally {
    rmSync(scratch, { force: true });
  }
}

function readOwn(file: string): string | undefined {
  try {
    if (!lstatSync(file).isFile()) throw new Error(`${file} is not a plain file; replace it by one`);
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

interface PublishedPort {
  readonly variable: string;
  readonly usual: number;
}

/** What docker-compose.yml publishes: `127.0.0.1:${NAME:-3000}:3000`. */
function publishedPorts(compose: string): readonly PublishedPort[] {
  const found = compose.matchAll(/- 127\.0\.0\.1:\$\{(\w+):-(\d+)\}:\d+/g);
  return Array.from(found, ([, variable, usual]) => ({ variable: variable!, usual: Number(usual) }));
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer();
    probe.once("error", () => done(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => done(true)));
  });
}

/** @returns A line for each port that is taken or is none, and what to change. */
async function portProblems(
  ports: readonly PublishedPort[],
  setting: (name: string) => string | undefined,
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const { variable, usual } of ports) {
    const text = setting(variable) || String(usual);
    const port = Number(text);
    if (!Number.isSafeInteger(port) || port < 1 || port > 65_535)
      problems.push(`${variable} must be a port from 1 to 65535, got ${JSON.stringify(text)}`);
    else if (!(await isFree(port)))
      problems.push(`port ${port} is taken: stop what has it, or set ${variable} in .env to a free one`);
  }
  return problems;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { file: { type: "string", default: join(ROOT, ".env") } } });
  const file = resolve(values.file);
  const example = readFileSync(join(ROOT, ".env.example"), "utf8");
  const wanted = Array.from(example.matchAll(/^([A-Z]\w*)=$/gm), ([, name]) => name!);
  const present = readOwn(file);
  const { lines, added, kept } = withSecrets((present ?? example).trimEnd().split("\n"), wanted);
  if (added.length > 0) writeOwn(file, `${lines.join("\n")}\n`, present === undefined);
  chmodSync(file, 0o600);
  if (added.length > 0) console.log(`${file}: made ${added.join(", ")}`);
  if (kept.length > 0) console.log(`${file}: left ${kept.join(", ")} as they were`);

  const settings = new Map(
    lines.map((line) => ASSIGNED.exec(line) ?? []).map(([, no, k, v]) => [no ? "" : k, v]),
  );
  const ports = publishedPorts(readFileSync(join(ROOT, "docker-compose.yml"), "utf8"));
  const problems = await portProblems(ports, (name) => process.env[name] || settings.get(name));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) {
    console.error("(Is the stack running already? Then these ports are its own: docker compose ps)");
    return 1;
  }
  console.log("The ports are free. Next: docker compose up --wait");
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`compose-env: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
