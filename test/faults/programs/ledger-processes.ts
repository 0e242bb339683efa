// Starts processes that append to one ledger, and collects what they say.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("ledger-writer.ts", import.meta.url));

export interface WriterPlace {
  /** Of the files of acknowledgements. */
  readonly directory: string;
  /** URL of PostgreSQL. @default a file in the directory */
  readonly database?: string;
  readonly kind: "ledger" | "check-then-insert" | "ack-first";
}

export function databaseOf({ directory, database }: WriterPlace): string {
  return database ?? join(directory, "ledger.db");
}

export function startWriter(place: WriterPlace, number: number, rows: number): ChildProcess {
  const files = [databaseOf(place), join(place.directory, `${number}.acked`)];
  const args = [PROGRAM, ...files, String(number), String(rows), place.kind];
  return spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
}

/** @returns The messages of all errors that a writer has met. */
export async function writerErrors(child: ChildProcess): Promise<readonly string[]> {
  const [said] = await Promise.all([text(child.stdout!), once(child, "exit")]);
  const last = said.trim().split("\n").at(-1) ?? "";
  return last.startsWith("{")
    ? (JSON.parse(last) as { errors: string[] }).errors
    : [`ended without a report: ${said}`];
}

/** What was promised, as "seq id". A line that was cut off by a kill promised nothing. */
export function ackedIn(directory: string): readonly string[] {
  const files = readdirSync(directory).filter((name) => name.endsWith(".acked"));
  return files.flatMap((name) => readFileSync(join(directory, name), "utf8").split("\n").slice(0, -1));
}
