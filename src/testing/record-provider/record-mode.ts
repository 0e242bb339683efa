/** `record` asks the provider and writes the file anew; `replay` asks nobody; `auto` asks for what the file does not have. */
export type RecordMode = "record" | "replay" | "auto";

const MODES: readonly unknown[] = ["record", "replay", "auto"] satisfies readonly RecordMode[];
const VARIABLE = "AGENT_OTEL_RECORD";
const BY_VARIABLE: Readonly<Record<string, RecordMode>> = {
  "1": "record",
  auto: "auto",
  "0": "replay",
  "": "replay",
};

/** @throws TypeError for a mode, or a value of `AGENT_OTEL_RECORD`, that does not exist. */
export function recordModeOf(mode: RecordMode | undefined, env: NodeJS.ProcessEnv = process.env): RecordMode {
  if (mode !== undefined) {
    if (MODES.includes(mode)) return mode;
    throw new TypeError(`recordProvider: mode must be record, replay or auto, got ${JSON.stringify(mode)}`);
  }
  const chosen = BY_VARIABLE[env[VARIABLE] ?? ""];
  if (chosen !== undefined) return chosen;
  throw new TypeError(`${VARIABLE} must be 1, auto or 0, got ${JSON.stringify(env[VARIABLE])}`);
}
