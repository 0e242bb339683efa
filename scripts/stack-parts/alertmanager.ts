import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GO } from "./go.ts";
import { answers } from "./health.ts";
import { moduleFolder } from "./module-folder.ts";
import type { Part } from "./part.ts";
import { CHECKOUT } from "./paths.ts";

const MODULE = "github.com/prometheus/alertmanager";
const MODULE_VERSION = "v0.34.1";
export const ALERTMANAGER_VERSION = "0.34.1";

/** Waits for alerts of Prometheus. Its program comes with amtool, which checks configurations. */
export const alertmanager: Part = {
  name: "alertmanager",
  onlyWhenNamed: true,
  needs: [GO],
  ports: [{ name: "http", number: 9093 }],
  recipe: {
    version: ALERTMANAGER_VERSION,
    inputs: () => [MODULE, MODULE_VERSION, "netgo, placeholder page, alertmanager and amtool"],
    // The page is built with other tools and is not in the module, but the program embeds it. A placeholder stands in its
    // place; the API is complete.
    async build({ work, out, go }) {
      writeFileSync(join(work, "go.mod"), "module agent-otel/alertmanager\n");
      const sources = join(work, "sources");
      cpSync(await moduleFolder(go, work, `${MODULE}@${MODULE_VERSION}`), sources, { recursive: true });
      const page = join(sources, "ui/app/dist");
      mkdirSync(page, { recursive: true });
      writeFileSync(
        join(page, "index.html"),
        "<!doctype html><title>Alertmanager</title>Built without its page.",
      );
      const programs = ["./cmd/alertmanager", "./cmd/amtool"];
      await go(
        sources,
        "build",
        "-mod=mod",
        "-tags=netgo",
        "-trimpath",
        "-ldflags=-s -w",
        "-o",
        `${out}/`,
        ...programs,
      );
    },
  },
  command: (place) => ({
    file: join(place.program, "alertmanager"),
    args: [
      `--config.file=${join(CHECKOUT, "collector/alertmanager.yaml")}`,
      `--storage.path=${join(place.data, "notifications")}`,
      `--web.listen-address=${place.address("alertmanager", "http")}`,
      "--cluster.listen-address=", // alone: no gossip, and no second port
    ],
  }),
  ready: (place, signal) => answers(`http://${place.address("alertmanager", "http")}/-/ready`, signal),
};
