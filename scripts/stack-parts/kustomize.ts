import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { GO } from "./go.ts";
import type { Program } from "./part.ts";

const MODULE = "sigs.k8s.io/kustomize/kustomize/v5";
/** The newest that Go 1.26 builds. */
export const KUSTOMIZE_VERSION = "5.8.1";

/** Puts deploy/kubernetes together as `kubectl apply -k` does. It needs no cluster. */
export const kustomize: Program = {
  name: "kustomize",
  needs: [GO],
  recipe: {
    version: KUSTOMIZE_VERSION,
    inputs: () => [MODULE, KUSTOMIZE_VERSION, "kustomize"],
    async build({ work, out, go }) {
      writeFileSync(join(work, "go.mod"), "module agent-otel/kustomize\n");
      await go(work, "get", "-tool", `${MODULE}@v${KUSTOMIZE_VERSION}`);
      await go(
        work,
        "build",
        "-mod=mod",
        "-trimpath",
        "-ldflags=-s -w",
        "-o",
        join(out, "kustomize"),
        MODULE,
      );
    },
  },
};
