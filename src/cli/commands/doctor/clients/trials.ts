import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Environment } from "../../../../pipeline/environment/variables.ts";
import { ownFile } from "../own-package.ts";
import type { Trial } from "./try-clients.ts";

const TIMEOUT_MS = 15_000;
/** What Node needs to run at all. Keys and options of the program stay out of it. */
const PASSED_ON = ["PATH", "HOME", "TMPDIR", "TEMP", "SystemRoot"];

/**
 * Tries packages in a process of its own, in the program's folder.
 *
 * @returns `undefined` where it came to no end.
 */
export async function runTrials(
  names: readonly string[],
  cwd: string,
  env: Environment,
): Promise<readonly Trial[] | undefined> {
  const url = urlOf(await import("./try-clients.ts"));
  const code = `
    import { writeSync } from "node:fs";
    import { createRequire } from "node:module";
    import { tryClients } from ${JSON.stringify(url)};
    const ways = { import: (name) => import(name), require: createRequire(process.cwd() + "/") };
    const folder = new URL(${JSON.stringify(ownFile("instrumentation/").href)});
    const trials = await tryClients(${JSON.stringify(names)}, folder, ways);
    writeSync(3, JSON.stringify(trials));
    process.exit(0);
  `;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], {
    cwd,
    env: Object.fromEntries(PASSED_ON.map((name) => [name, env[name]])),
    stdio: ["ignore", "ignore", "ignore", "pipe"],
    timeout: TIMEOUT_MS,
    killSignal: "SIGKILL",
  });
  const pipe = child.stdio[3] as NodeJS.ReadableStream;
  let text = "";
  pipe.on("data", (chunk: Buffer) => {
    text += chunk.toString("utf8");
  });
  try {
    await once(child, "close");
    return JSON.parse(text) as readonly Trial[];
  } catch {
    return undefined;
  }
}

/** Its own URL, wherever the build has put it. Takes the whole module: of one that is taken apart the build leaves out the rest. */
function urlOf(module: { readonly TRY_CLIENTS_URL: string }): string {
  return module.TRY_CLIENTS_URL;
}
