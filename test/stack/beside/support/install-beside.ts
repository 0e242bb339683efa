// A folder per combination has the peer, the SDK and the client; we are put beside them as npm would.
import { cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { installFolder } from "../../../../scripts/install-folder.ts";
import { root } from "../../../contract/source-files.ts";

/** What `agent-otel/sdk` and `register` load of OpenTelemetry. Ours where the program has none, or another version. */
const LOADED = ["context-async-hooks", "core", "resources", "sdk-metrics", "sdk-trace"];

/** @returns the folder, with the packages of its lock file and agent-otel as it is built now. @throws Error with what npm said. */
export function installBeside(combination: string): string {
  const folder = join(root, "test/stack/beside", combination);
  installFolder(folder, () => {});
  const ours = join(folder, "node_modules/agent-otel");
  rmSync(ours, { recursive: true, force: true });
  for (const part of ["package.json", "dist"])
    cpSync(join(root, part), join(ours, part), { recursive: true });
  for (const name of LOADED.map((part) => `node_modules/@opentelemetry/${part}`)) {
    const [brought, theirs] = [join(root, name), join(folder, name)];
    if (versionIn(brought) !== versionIn(theirs)) cpSync(brought, join(ours, name), { recursive: true });
  }
  return folder;
}

function versionIn(folder: string): string | undefined {
  const manifest = join(folder, "package.json");
  if (!existsSync(manifest)) return undefined;
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version?: string }).version;
}
