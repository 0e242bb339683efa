import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../programs/checkpoint-steps.ts", import.meta.url));

/** What the program said before it ended. */
export interface SaidLine {
  readonly what: string;
  /** Calls that had changed the disk until then. */
  readonly calls: number;
  readonly atRisk: readonly string[];
}

/** @param dieAt The call before which it kills itself; 0: never. */
export async function runSteps(
  directory: string,
  scene: string,
  dieAt: number,
): Promise<readonly SaidLine[]> {
  const child = spawn(process.execPath, [PROGRAM, directory, scene, String(dieAt)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  if (code !== 0 && signal !== "SIGKILL") throw new Error(`it ended with ${code ?? signal}`);
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as SaidLine);
}
