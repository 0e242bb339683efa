/** What is built or installed into the cache. */
export interface Program {
  /** Also the name of its folders, its log and its ports in the options. */
  readonly name: string;
  /** Programs that must be on PATH, each with what to do when it is not. */
  readonly needs: readonly Need[];
  /** How the program is built. Left out when a package of the system brings it. */
  readonly recipe?: Recipe;
  /** Which package of the system brings the program. */
  readonly packaged?: Packaged;
}

/** One program of the stack. A new one is a file that exports a `Part`, and a line in parts.ts. */
export interface Part extends Program {
  /** Left out of what `up`, `build` and `status` mean when no part is named. */
  readonly onlyWhenNamed?: true;
  /** Listening ports on loopback, in a fixed order: `--port-base` hands out numbers in that order. */
  readonly ports: readonly Port[];
  /** How it is asked to end. @default "SIGTERM" */
  readonly stopSignal?: NodeJS.Signals;
  /** Writes what the program reads: folders, configuration. Called before each start. */
  prepare?(place: Place): void | Promise<void>;
  /** How the endpoint of its port is printed, where scheme and address do not say it all. */
  endpoint?(place: Place): string;
  command(place: Place): Command;
  /** Rejects or answers false while the program is not ready. */
  ready(place: Place, signal: AbortSignal): Promise<boolean>;
}

export interface Need {
  readonly program: string;
  readonly hint: string;
}

export interface Packaged {
  /** All in one folder; the first one tells its version. */
  readonly programs: readonly string[];
  /** Oldest major version that will do. */
  readonly atLeast: number;
  /** Debian packages, best first: the first one that the release has is installed. */
  readonly packages: readonly string[];
  /** Where to look before PATH, best first. */
  readonly folders: () => readonly string[];
}

export interface Port {
  readonly name: string;
  readonly number: number;
  /** How the endpoint is written where it is not `http`, for example `""` for a bare `host:port`. */
  readonly scheme?: string;
}

export interface Recipe {
  /** Name of the folder in the cache, where several parts run the same program. @default the part's name */
  readonly program?: string;
  /** Everything that changes the program: versions, recipe, manifest. It is hashed together with the Go version. */
  readonly inputs: () => readonly string[];
  /** Version in the name of the folder in the cache. */
  readonly version: string;
  /** Puts the program into `builder.out`, which becomes the folder in the cache when all went well. */
  build(builder: Builder): Promise<void>;
}

export interface Builder {
  /** Scratch, thrown away afterwards. */
  readonly work: string;
  readonly out: string;
  /** Runs a Go command with the cache's own GOPATH and friends; its output goes to the build log. */
  go(cwd: string, ...args: string[]): Promise<string>;
  run(cwd: string, program: string, ...args: string[]): Promise<string>;
}

/** Where a part runs: its program, its folders and everybody's ports. */
export interface Place {
  /** Folder of the program; empty where nothing is started. */
  readonly program: string;
  readonly data: string;
  readonly config: string;
  /** `127.0.0.1:4318` */
  address(part: string, port: string): string;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Whom it runs as. @default the caller */
  readonly account?: Account;
}

/** A user of the system. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** What goes wrong here is told in one line, without a stack. */
export class StackError extends Error {
  override readonly name = "StackError";
}
