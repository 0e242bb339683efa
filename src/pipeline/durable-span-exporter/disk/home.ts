import type { Clock } from "../../../internal/clock.ts";
import { OwnerDirectory } from "./owner-directory.ts";
import type { ProcessIdentity } from "./owner-identity.ts";
import { openPrivateDirectory } from "./private-directory.ts";
import { attempt } from "./system-error.ts";

const LOOK_EVERY_MS = 1_000;

/** Where a queue keeps its files: made again where somebody deletes it. */
export class Home {
  readonly root: string;
  readonly #identity: ProcessIdentity;
  readonly #clock: Clock;
  #directory: OwnerDirectory;
  #lookAtMs: number;

  /** @throws the file system's error where it cannot be made. */
  constructor(root: string, identity: ProcessIdentity, clock: Clock) {
    this.root = root;
    this.#identity = identity;
    this.#clock = clock;
    this.#directory = new OwnerDirectory(root, identity);
    this.#lookAtMs = clock.monotonic() + LOOK_EVERY_MS;
  }

  get directory(): OwnerDirectory {
    return this.#directory;
  }

  /** Looks whether it is still there, once a second. @param nowMs Monotonic. */
  isLost(nowMs: number): boolean {
    if (nowMs < this.#lookAtMs) return false;
    this.#lookAtMs = nowMs + LOOK_EVERY_MS;
    if (!this.#directory.isThere()) return true;
    attempt(() => this.#directory.restoreFile());
    return false;
  }

  /** @returns whether it is made again; where it is not, the next to look finds it lost again. */
  rebuild(): boolean {
    this.#lookAtMs = Number.NEGATIVE_INFINITY;
    return attempt(() => {
      openPrivateDirectory(this.root);
      const rebuilt = new OwnerDirectory(this.root, this.#identity);
      this.#directory.forget();
      this.#directory = rebuilt;
      this.#lookAtMs = this.#clock.monotonic() + LOOK_EVERY_MS;
    });
  }
}
