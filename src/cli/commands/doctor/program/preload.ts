// Loaded into the program before all else, by --require, which Node obeys before any --import. Sees and tells; changes nothing that the
// program could see but the wrappers it sees through.
import { appendFileSync } from "node:fs";
import module from "node:module";
import { isMainThread } from "node:worker_threads";
import { PROBE_VARIABLE, type ProbeSettings, type Sighting } from "./sighting.ts";
import { watchProviders } from "./watch-providers.ts";

/** For --require: the build moves code. */
export const PRELOAD_FILE = import.meta.filename;

const REGISTER = "agent-otel/register";
const SHIM = /\/shims\/[\w-]+\.[jt]s\?target=/;
const OURS = /^(?:OTEL_|AGENT_OTEL_|NODE_OPTIONS$)/;
/** Keys and passwords stand in these. */
const SECRET = /HEADERS|_KEY$|^AGENT_OTEL_DB$|REDIS|POSTGRES|TOKEN|SECRET|DOCTOR/;
const LOGIN = /\/\/[^/]*@|\?/;

type Told<T = Sighting> = T extends unknown ? Omit<T, "pid"> : never;
type Tell = (sighting: Told) => void;

const settings = process.env[PROBE_VARIABLE];
if (settings !== undefined && isMainThread) startProbe(JSON.parse(settings) as ProbeSettings);

function startProbe({ file, clients, register }: ProbeSettings): void {
  // At once and to a file: a program may end by a signal, and its probe may be a grandchild of npm.
  const tell: Tell = (sighting) => {
    try {
      appendFileSync(file, `${JSON.stringify({ pid: process.pid, ...sighting })}\n`);
    } catch {
      // Nobody listens any more.
    }
  };
  tell({ kind: "start", node: process.version, folder: process.cwd(), env: shownEnvironment() });
  watchModules(clients, register, tell);
  watchProviders(
    (name, by) => tell({ kind: "provider", name, by }),
    (made, sampled) => tell({ kind: "spans", made, sampled }),
  );
  watchStderr(tell);
}

function shownEnvironment(): Record<string, string> {
  const shown = Object.entries(process.env).filter(
    ([name, value = ""]) => OURS.test(name) && !SECRET.test(name) && !LOGIN.test(value),
  );
  return Object.fromEntries(shown.map(([name, value]) => [name, value ?? ""]));
}

/** In place before those of `register`, and so behind them: what those answer themselves is not seen, what they pass on is. */
function watchModules(clients: readonly string[], register: string, tell: Tell): void {
  if (typeof module.registerHooks !== "function") return;
  const prototype = module.Module.prototype as { require: unknown };
  const { require: original } = prototype;
  module.registerHooks({
    resolve(specifier, context, nextResolve) {
      const from = context.parentURL;
      const target = from !== undefined && SHIM.test(from) ? from.split("?target=")[1] : undefined;
      if (target !== undefined) tell({ kind: "shim", url: decodeURIComponent(target) });
      const resolved = nextResolve(specifier, context);
      if (specifier === REGISTER || resolved.url === register)
        tell({ kind: "register", from: from?.startsWith("file:") && !from.endsWith("/") ? from : undefined });
      if (clients.includes(specifier)) {
        const way = [...context.conditions].includes("import") ? "import" : "require";
        const hooked = prototype.require !== original;
        tell({ kind: "client", name: specifier, url: resolved.url, way, hooked });
      }
      return resolved;
    },
  });
}

/** The only place where agent-otel speaks. */
function watchStderr(tell: Tell): void {
  const { stderr } = process;
  const write = stderr.write;
  stderr.write = function (this: typeof stderr, chunk: unknown, ...rest: unknown[]): boolean {
    if (typeof chunk === "string" && chunk.startsWith("agent-otel:"))
      tell({ kind: "said", text: chunk.trim() });
    return Reflect.apply(write, this, [chunk, ...rest]) as boolean;
  };
}
