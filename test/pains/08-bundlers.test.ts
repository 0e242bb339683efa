import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import { expect, it } from "vitest";
import { root } from "../contract/source-files.ts";
import { run } from "../register/run.ts";
import { temporaryFolder } from "../temporary-folder.ts";

// A bundler puts the client into the program's own file: what patches modules when they load never sees it, and says nothing.

/** Where `run` looks for its programs. */
const FIXTURES = join(root, "test/register/fixtures");

/** We stay outside of the bundle, as `external: ["agent-otel"]` or `serverExternalPackages` have it. */
const external: Plugin = {
  name: "external",
  setup(bundle) {
    const path = pathToFileURL(join(root, "src/index.ts")).href;
    bundle.onResolve({ filter: /\/src\/index\.ts$/ }, () => ({ path, external: true }));
  },
};

async function runBundle(minify: boolean, observe: boolean) {
  const bundle = join(await temporaryFolder(), "bundle.mjs");
  await build({
    entryPoints: [join(root, "test/pains/fixtures/bundled-app.ts")],
    outfile: bundle,
    bundle: true,
    minify,
    platform: "node",
    format: "esm",
    logLevel: "error",
    plugins: [external],
  });
  const ran = await run(relative(FIXTURES, bundle), { env: { OBSERVE: String(observe) } });
  expect([ran.code, ran.headers.length]).toEqual([0, 1]);
  return { ...ran, names: ran.spans.map(({ name }) => name) };
}

it.each([false, true])(
  "a client that is observed is seen in a bundle of esbuild (minified: %s)",
  async (minify) => {
    const { names, spans, diag } = await runBundle(minify, true);
    expect([names, diag]).toEqual([["chat gpt-4o-mini", "invoke_agent writer"], []]);
    expect(spans[0]?.attributes).toMatchObject({
      "gen_ai.agent.name": "writer",
      "gen_ai.usage.cost.amount": expect.any(Number),
    });
  },
);

it("a client that nobody observes is lost in it, but not in silence: stderr says which call and what to do", async () => {
  const { names, diag } = await runBundle(false, false);
  expect(names).toEqual(["invoke_agent writer"]);
  expect(diag.filter((line) => /made no span/.test(line) && /observe\(\)/.test(line))).toHaveLength(1);
});
