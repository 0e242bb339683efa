import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Account, type Place, StackError } from "./part.ts";

export const USER = "agent_otel";
export const DATABASE = "agent_otel";

export const clusterFolder = (data: string) => join(data, "cluster");
const passwordFile = (data: string) => join(data, "password");

/** @returns The password of the cluster in `data`; undefined when there is none yet, or it is not ours to read. */
export function password(data: string): string | undefined {
  try {
    return readFileSync(passwordFile(data), "utf8").trim();
  } catch {
    return undefined;
  }
}

/** Makes the cluster with its user, password and database, unless one was kept. A half-made one never gets its name. */
export async function makeCluster(place: Place, account: Account | undefined): Promise<void> {
  const cluster = clusterFolder(place.data);
  if (existsSync(cluster)) return;
  const unfinished = `${cluster}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  rmSync(passwordFile(place.data), { force: true });
  writeFileSync(passwordFile(place.data), `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600 });
  for (const path of [unfinished, passwordFile(place.data)]) {
    if (account !== undefined) chownSync(path, account.uid, account.gid);
  }
  await run(join(place.program, "initdb"), initdbOptions(place.data, unfinished), account, "");
  // The server by itself, without a port, reads SQL from its standard input.
  const alone = ["--single", "-j", "-D", unfinished, "template1"];
  await run(join(place.program, "postgres"), alone, account, `CREATE DATABASE ${DATABASE};\n`);
  renameSync(unfinished, cluster);
}

function initdbOptions(data: string, cluster: string): readonly string[] {
  return [
    `--pgdata=${cluster}`,
    `--username=${USER}`,
    "--auth=scram-sha-256",
    `--pwfile=${passwordFile(data)}`,
    "--encoding=UTF8",
    "--locale=C",
    "--no-instructions",
  ];
}

function run(
  file: string,
  args: readonly string[],
  account: Account | undefined,
  input: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { ...account, cwd: "/", env: { PATH: process.env["PATH"], LC_ALL: "C" } };
    const child = execFile(file, args, options, (error, output, errors) => {
      if (error === null) resolve();
      else reject(new StackError(`${error.message.split("\n")[0]}\n${output}${errors}`.trimEnd()));
    });
    child.stdin?.on("error", () => {}); // it ended before it read; its exit code tells
    child.stdin?.end(input);
  });
}
