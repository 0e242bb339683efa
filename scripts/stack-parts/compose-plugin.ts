import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { GO } from "./go.ts";
import type { Program } from "./part.ts";

const MODULE = "github.com/docker/compose/v2";
export const COMPOSE_VERSION = "2.40.3";

/** The `docker-compose` that reads docker-compose.yml as `docker compose` does. Checking a file needs no Docker. */
export const composePlugin: Program = {
  name: "compose",
  needs: [GO],
  recipe: {
    version: COMPOSE_VERSION,
    inputs: () => [MODULE, COMPOSE_VERSION, "docker-compose"],
    async build({ work, out, go }) {
      const program = `${MODULE}/cmd`;
      writeFileSync(join(work, "go.mod"), "module agent-otel/compose\n");
      await go(work, "get", "-tool", `${program}@v${COMPOSE_VERSION}`);
      const file = join(out, "docker-compose");
      await go(work, "build", "-mod=mod", "-trimpath", "-ldflags=-s -w", "-o", file, program);
    },
  },
};
