import type { WriteStream } from "node:tty";
import type { Terminal } from "./command.ts";

// In a narrower window lines had better wrap than lose everything but the guides.
const MIN_COLUMNS = 60;

/** The terminal of this process. Follows https://no-color.org and FORCE_COLOR. */
export function processTerminal(env: NodeJS.ProcessEnv = process.env): Terminal {
  // The types say that stdout is always a terminal; in a pipe it is not and has no columns.
  const stdout: Pick<WriteStream, "write"> & Partial<WriteStream> = process.stdout;
  const isTty = stdout.isTTY === true;
  return {
    out: (text) => void process.stdout.write(text),
    note: (text) => void process.stderr.write(`${text}\n`),
    color: wantsColor(isTty, env),
    columns:
      isTty && stdout.columns !== undefined && stdout.columns >= MIN_COLUMNS ? stdout.columns : undefined,
  };
}

function wantsColor(isTty: boolean, env: NodeJS.ProcessEnv): boolean {
  if (env["NO_COLOR"]) return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined && forced !== "") return forced !== "0";
  return isTty && env["TERM"] !== "dumb";
}
