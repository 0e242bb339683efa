import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dashboardFiles } from "../../../grafana/src/dashboards/files.ts";
import { root } from "../source-files.ts";
import { text } from "./files.ts";

describe("grafana/dashboards", () => {
  it.each(dashboardFiles())(
    "%s is what the generator writes: run `node grafana/src/generate.ts`",
    (path, generated) => {
      expect(text(path)).toBe(generated);
    },
  );

  it("has no other file", () => {
    const shipped = readdirSync(join(root, "grafana/dashboards")).map((name) => `grafana/dashboards/${name}`);
    expect(shipped.sort()).toEqual(
      dashboardFiles()
        .map(([path]) => path)
        .sort(),
    );
  });
});
