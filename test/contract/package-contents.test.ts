import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { pack } from "./packed.ts";
import { root } from "./source-files.ts";

const KIB = 1_024;
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
  readonly bin: Readonly<Record<string, string>>;
};
const entries = [
  ...Object.values(manifest.exports).map((target) => (typeof target === "string" ? target : target.default)),
  ...Object.values(manifest.bin),
].map((file) => file.replace(/^\.\//, ""));

/** All that is published: what it is for, which files, and the most that they may weigh together, unpacked. */
const PARTS: readonly (readonly [what: string, test: (path: string) => boolean, maxKiB: number])[] = [
  ["papers", matching(/^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md)$/), 160],
  ["entries", (path) => entries.includes(path) && path.startsWith("dist/"), 320],
  ["what entries share", matching(/^dist\/chunks\/[a-z0-9-]+\.js$/), 1_800],
  ["loaded by name", matching(/^dist\/instrumentation\/(?:patch-required|shims\/[a-z-]+)\.js$/), 16],
  ["types", matching(/^dist\/(?!web\/|chunks\/)[a-z0-9/-]+\.d\.ts$/), 1_800],
  [
    "the page of `dev`",
    matching(/^dist\/web\/(?:index\.html|[a-z/-]+\.svg|assets\/[\w-]+\.(?:js|css))$/),
    800,
  ],
  ["collector and rules", matching(/^collector\/[a-z./-]+\.ya?ml$/), 128],
  ["compose files", matching(/^docker-compose(?:\.[a-z-]+)?\.yml$/), 24],
  ["Kubernetes", matching(/^deploy\/kubernetes\/[a-z/-]+\.yaml$/), 64],
  [
    "Grafana",
    matching(
      /^grafana\/(?:dashboards\/[a-z-]+\.json|provisioning\/[a-z/-]+\.yaml|no-prometheus-alerts\.yaml)$/,
    ),
    640,
  ],
  ["registry of names", matching(/^registry\/[\w./-]+\.(?:ya?ml|md)$/), 512],
];

function matching(pattern: RegExp): (path: string) => boolean {
  return (path) => pattern.test(path);
}

const packed = pack();
afterAll(() => packed[Symbol.dispose]());

const partsOf = (path: string) => PARTS.filter(([, test]) => test(path)).map(([what]) => what);

describe("what npm publishes", () => {
  it("is nothing but the parts that are named here, each file in one of them", () => {
    const odd = packed.files
      .map(({ path }) => [path, partsOf(path)] as const)
      .filter(([, parts]) => parts.length !== 1);
    expect(odd).toEqual([]);
  });

  it.each(PARTS)("has %s in their bounds", (_, test, maxKiB) => {
    const sizes = packed.files.filter(({ path }) => test(path)).map(({ size }) => size);
    expect(sizes.reduce((sum, size) => sum + size, 0) / KIB).toBeLessThanOrEqual(maxKiB);
  });

  it("has every entry of package.json", () => {
    const paths = new Set(packed.files.map(({ path }) => path));
    expect(entries.filter((entry) => !paths.has(entry))).toEqual([]);
  });

  it("has no tests, source maps, sources, keys or settings of this machine", () => {
    const unwanted =
      /(?:\.test\.|\.map$|(?<!\.d)\.ts$|\.tsx$|(?:^|\/)(?:src|test|bench|\.env|\.npmrc|node_modules)(?:\/|$)|\.(?:pem|key|sqlite|db|log)$)/;
    expect(packed.files.map(({ path }) => path).filter((path) => unwanted.test(path))).toEqual([]);
  });

  it("names no file that lies outside of the package as its source map", () => {
    const scripts = packed.files.filter(({ path }) => path.endsWith(".js"));
    const mapped = scripts.filter(({ path }) =>
      readFileSync(join(root, path), "utf8").includes("sourceMappingURL="),
    );
    expect(mapped).toEqual([]);
  });

  it("weighs no more than a photograph", () => {
    expect(packed.size / KIB).toBeLessThanOrEqual(1_536);
  });
});
