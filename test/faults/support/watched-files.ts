import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { createRequire, syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** One call that changes what is on the disk. */
export interface DiskCall {
  readonly name: "mkdir" | "create" | "write" | "datasync" | "sync" | "rename" | "link" | "unlink" | "rm";
  readonly path: string;
  /** Of `rename` and `link`: where to. Of `mkdir`: the first folder that was made, where that was one above. */
  readonly to?: string;
  /** Of `write`. */
  readonly text?: string;
}

export interface DiskWatch {
  /** Before each call. */
  readonly before: (call: DiskCall) => void;
  /** After each call that has succeeded. */
  readonly after: (call: DiskCall) => void;
}

type AnyCall = (...args: unknown[]) => Promise<unknown>;
const O_CREAT = 0o100;

/** Watches what this process writes through `node:fs/promises`. Modules that are imported later are watched, those before as well. */
export async function watchFiles(watch: DiskWatch): Promise<void> {
  const promises = createRequire(import.meta.url)("node:fs/promises") as Record<string, AnyCall>;
  const paths = new WeakMap<object, string>();
  const around = (call: DiskCall, work: () => Promise<unknown>): Promise<unknown> => {
    watch.before(call);
    return work().then((result) => {
      const first = call.name === "mkdir" && typeof result === "string" ? { to: result } : {};
      watch.after({ ...call, ...first });
      return result;
    });
  };
  const handles = await prototypeOfHandles();
  for (const name of ["mkdir", "unlink", "rm"] as const) {
    const original = promises[name]!;
    promises[name] = (path, ...rest) => around({ name, path: String(path) }, () => original(path, ...rest));
  }
  for (const name of ["rename", "link"] as const) {
    const original = promises[name]!;
    promises[name] = (path, to) =>
      around({ name, path: String(path), to: String(to) }, () => original(path, to));
  }
  const openFile = promises["open"]!;
  promises["open"] = async (path, flags, ...rest) => {
    const opened = () => openFile(path, flags, ...rest) as Promise<FileHandle>;
    const isNew = typeof flags === "number" && (flags & O_CREAT) !== 0;
    const handle = (await (isNew
      ? around({ name: "create", path: String(path) }, opened)
      : opened())) as FileHandle;
    paths.set(handle, String(path));
    return handle;
  };
  for (const [method, name] of [
    ["writeFile", "write"],
    ["datasync", "datasync"],
    ["sync", "sync"],
  ] as const) {
    const original = handles[method]!;
    handles[method] = function (this: FileHandle, ...args: unknown[]) {
      const text = name === "write" ? { text: String(args[0]) } : {};
      return around({ name, path: paths.get(this) ?? "", ...text }, () => original.apply(this, args));
    };
  }
  syncBuiltinESMExports();
}

async function prototypeOfHandles(): Promise<Record<string, AnyCall>> {
  const directory = await mkdtemp(join(tmpdir(), "agent-otel-handle-"));
  const handle = await open(join(directory, "a"), "w");
  await handle.close();
  await rm(directory, { recursive: true });
  return Object.getPrototypeOf(handle) as Record<string, AnyCall>;
}
