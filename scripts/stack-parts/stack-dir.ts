import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Part, type Place, type Port, StackError } from "./part.ts";
import { PARTS } from "./parts.ts";
import { isAlive, type ProcessId, readProcess } from "./process.ts";

const MARK = "stack.json";

/** The folder of one stack: its processes, logs, data and the ports it was given. */
export class StackDir {
  readonly path: string;
  readonly portBase: number | undefined;

  /**
   * @param portBase First of the ports. Default: each program's usual ones.
   * @param fresh Does not take the ports of the last time, unless something still runs on them.
   */
  constructor(path: string, portBase: number | undefined, fresh: boolean) {
    this.path = resolve(path);
    const again = !fresh || PARTS.some((part) => this.running(part) !== undefined);
    this.portBase = portBase ?? (again ? this.#lastPortBase() : undefined);
    const last =
      this.portBase === undefined ? 0 : this.portBase + PARTS.flatMap((part) => part.ports).length - 1;
    if (
      this.portBase !== undefined &&
      (!Number.isSafeInteger(this.portBase) || this.portBase < 1024 || last > 65_535)
    ) {
      throw new StackError(
        `the port base must be a whole number from 1024, with room for all ports above it; got ${this.portBase}`,
      );
    }
  }

  /** Makes the folder, and refuses one that holds something else: data below it are deleted without asking. */
  open(): void {
    if (existsSync(this.path) && !existsSync(join(this.path, MARK)) && readdirSync(this.path).length > 0) {
      throw new StackError(`${this.path} is not empty and not a stack's folder: name another with --dir`);
    }
    mkdirSync(join(this.path, "run"), { recursive: true });
    mkdirSync(join(this.path, "log"), { recursive: true });
    if (!existsSync(join(this.path, MARK))) this.#write();
  }

  /** From now on this folder's ports are these. */
  rememberPorts(): void {
    const last = this.#lastPortBase();
    if (last !== this.portBase && PARTS.some((part) => this.running(part) !== undefined)) {
      throw new StackError(
        `what runs in ${this.path} uses ${last ?? "the usual ports"}: stop it before changing --port-base`,
      );
    }
    this.#write();
  }

  log(part: Part): string {
    return join(this.path, "log", `${part.name}.log`);
  }

  processFile(part: Part): string {
    return join(this.path, "run", `${part.name}.json`);
  }

  running(part: Part): ProcessId | undefined {
    const id = readProcess(this.processFile(part));
    return id !== undefined && isAlive(id) ? id : undefined;
  }

  place(part: Part, program: string): Place {
    return {
      program,
      data: join(this.path, "data", part.name),
      config: join(this.path, "config", part.name),
      address: (name, port) => this.address(name, port),
    };
  }

  makeFolders(place: Place, keepData: boolean): void {
    if (!keepData) rmSync(place.data, { recursive: true, force: true });
    for (const folder of [place.data, place.config]) mkdirSync(folder, { recursive: true });
  }

  address(name: string, port: string): string {
    let next = this.portBase;
    for (const part of PARTS) {
      for (const candidate of part.ports) {
        if (part.name === name && candidate.name === port) return `127.0.0.1:${next ?? candidate.number}`;
        if (next !== undefined) next += 1;
      }
    }
    throw new StackError(`no part has the port ${name}/${port}`);
  }

  /** As it is printed: a URL, with the password where there is one, or a bare address where the protocol has none. */
  endpoint(part: Part, port: Port): string {
    if (part.endpoint !== undefined) return part.endpoint(this.place(part, ""));
    const scheme = port.scheme ?? "http";
    return `${scheme}${scheme === "" ? "" : "://"}${this.address(part.name, port.name)}`;
  }

  #write(): void {
    writeFileSync(join(this.path, MARK), `${JSON.stringify({ portBase: this.portBase ?? null })}\n`);
  }

  #lastPortBase(): number | undefined {
    try {
      const read: unknown = JSON.parse(readFileSync(join(this.path, MARK), "utf8"));
      if (typeof read !== "object" || read === null || !("portBase" in read)) return undefined;
      return typeof read.portBase === "number" ? read.portBase : undefined;
    } catch {
      return undefined;
    }
  }
}
