import { join } from "node:path";
import type { Need } from "./part.ts";
import { CACHE } from "./paths.ts";
import { capture } from "./run.ts";

export const GO: Need = {
  program: "go",
  hint: "Install Go 1.26 or newer and put its bin folder on PATH",
};

/** The caller's own Go settings must not change what is built, and what is fetched stays in one folder to delete. */
export function goEnvironment(bin: string): Record<string, string> {
  const go = join(CACHE, "go");
  return {
    GOPATH: go,
    GOCACHE: join(go, "build"),
    GOMODCACHE: join(go, "mod"),
    GOBIN: bin,
    GOTOOLCHAIN: "local",
    GOFLAGS: "-buildvcs=false -modcacherw",
    GOWORK: "off",
    CGO_ENABLED: "0",
  };
}

let asked: Promise<string> | undefined;

/** Version and platform, for the key of the cache. */
export function goVersion(): Promise<string> {
  asked ??= capture("go", ["env", "GOVERSION", "GOOS", "GOARCH"], goEnvironment("")).then((text) =>
    text.trim().split(/\s+/).join("-"),
  );
  return asked;
}
