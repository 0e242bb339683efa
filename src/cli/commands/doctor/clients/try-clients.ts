import { DiagLogLevel, diag } from "@opentelemetry/api";
import { installHooks } from "../../../../instrumentation/install-hooks.ts";

/** For who runs it in a process of its own: the build moves code. */
export const TRY_CLIENTS_URL = import.meta.url;

/** How one package took the hooks. */
export interface Trial {
  readonly name: string;
  /** What the hooks say against it, and what its loading threw. Empty: its calls become spans. */
  readonly complaints: readonly string[];
}

/** The two ways to load a package, of a module in the program's folder. */
export interface Ways {
  readonly import: (name: string) => Promise<unknown>;
  readonly require: (name: string) => unknown;
}

/**
 * Loads each package with the hooks in place, as a program would, and keeps what they say. In a process of its own: the hooks stay, and
 * packages do what they like when they are loaded.
 *
 * @param folder As `installHooks` takes it.
 */
export async function tryClients(
  names: readonly string[],
  folder: URL,
  ways: Ways,
): Promise<readonly Trial[]> {
  let said: string[] = [];
  const hear = (message: string, ...rest: readonly unknown[]): void => {
    said.push([message, ...rest].join(" ").replace(/^agent-otel: /, ""));
  };
  const none = (): void => {};
  diag.setLogger(
    { error: hear, warn: hear, info: none, debug: none, verbose: none },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  installHooks(folder);
  const trials: Trial[] = [];
  for (const name of names) {
    said = [];
    const failures = [await failureOf(() => ways.import(name)), await failureOf(() => ways.require(name))];
    // A package may have one way only; that it has none is worth a word.
    const failed = failures.every((failure) => failure !== undefined)
      ? [`it cannot be loaded: ${failures[0]}`]
      : [];
    const broken = failures.filter((failure) => failure?.startsWith("SyntaxError") === true);
    trials.push({ name, complaints: [...new Set([...said, ...failed, ...broken.map((why) => `${why}`)])] });
  }
  return trials;
}

async function failureOf(load: () => unknown): Promise<string | undefined> {
  try {
    await load();
    return undefined;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}
