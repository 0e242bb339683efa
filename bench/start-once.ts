import { spawn } from "node:child_process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { quietEnvironment } from "./child.ts";

/** What it took a program to start and end. */
export interface Cost {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly rssBytes: number;
}

/**
 * Runs a program of the folder startup/ in a fresh process, until it exits by itself.
 *
 * @param file Loaded before the program: a path, or relative to this folder.
 */
export function startOnce(program: string, file: string | undefined): Promise<Cost> {
  const path = fileURLToPath(new URL(`startup/${program}`, import.meta.url));
  const before = file === undefined ? [] : ["--import", new URL(pathToFileOrUrl(file), import.meta.url).href];
  const child = spawn(process.execPath, [...before, path], {
    env: quietEnvironment(),
    stdio: ["ignore", "ignore", "pipe", "pipe"],
    timeout: 60_000,
  });
  let said = "";
  let errors = "";
  child.stdio[3]?.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0 && said !== "") resolve(JSON.parse(said) as Cost);
      else reject(new Error(/^\w*Error.*$/m.exec(errors)?.[0] ?? `ended with ${code}`));
    });
  });
}

function pathToFileOrUrl(file: string): string {
  return file.startsWith("/") ? pathToFileURL(file).href : file;
}
