import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { pack, packageEntries } from "./packed.ts";
import { root } from "./source-files.ts";

const run = promisify(execFile);
const packed = pack();
afterAll(() => packed[Symbol.dispose]());

const tool = (name: string) => join(root, "node_modules/.bin", name);

interface Finding {
  readonly kind: string;
  readonly entrypoint?: string;
  readonly resolutionKind?: string;
}

describe("the packed package", () => {
  it("has no finding of publint", async () => {
    const { stdout } = await run(tool("publint"), ["run", packed.tarball, "--strict"]);
    expect(stdout).toContain("All good!");
  });

  it("has no finding of arethetypeswrong, but that CommonJS gets ES modules, which Node has required since 22.12", async () => {
    const args = [packed.tarball, "--profile", "node16", "--ignore-rules", "cjs-resolves-to-esm"];
    const { stdout } = await run(tool("attw"), [...args, "--format", "json"]);
    const { analysis } = JSON.parse(stdout) as {
      readonly analysis: {
        readonly problems: readonly Finding[];
        readonly entrypoints: Readonly<Record<string, unknown>>;
      };
    };
    const found = analysis.problems.filter(
      ({ kind, resolutionKind }) => kind !== "CJSResolvesToESM" && resolutionKind !== "node10",
    );
    expect(found).toEqual([]);
    const looked = Object.keys(analysis.entrypoints).map((entry) => entry.replace(/^\./, "agent-otel"));
    expect(looked).toEqual(expect.arrayContaining([...packageEntries()]));
  });
});
