import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../contract/source-files.ts";
import { runProgram } from "../pipeline/fixtures/run-program.ts";

// An install that ends in ERESOLVE, since two packages each insist on their own OpenTelemetry. Decided by the manifests alone.

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

const read = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest;
const ours = read("");

/** Whether `^` or `>=` with an upper end that is given lets a version in; other ranges are refused. */
function admits(range: string, version: string): boolean {
  const parts = (text: string): number[] => text.split(".").map(Number);
  const [, operator, lowest = "", , below] = /^(\^|>=)([\d.]+)( <([\d.]+))?$/.exec(range) ?? [];
  if (operator === undefined) throw new Error(`a range this test cannot read: ${range}`);
  const compare = (a: string, b: string): number => {
    const [left, right] = [parts(a), parts(b)];
    const at = [0, 1, 2].find((index) => (left[index] ?? 0) !== (right[index] ?? 0));
    return at === undefined ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
  };
  const end = operator === "^" ? String(parts(lowest)[0]! + 1) : below;
  return compare(version, lowest) >= 0 && (end === undefined || compare(version, end) < 0);
}

describe("the peers that we ask for", () => {
  const api = ours.peerDependencies?.["@opentelemetry/api"] ?? "";

  it.each(["1.9.0", "1.9.1", "1.10.0"])("let in version %s of the OpenTelemetry API", (version) => {
    expect(admits(api, version)).toBe(true);
  });

  it("refuse an API that nobody has seen yet, and one that is too old", () => {
    expect([admits(api, "2.0.0"), admits(api, "1.8.0")]).toEqual([false, false]);
  });

  it("are the API alone: every other one is optional", () => {
    const required = Object.keys(ours.peerDependencies ?? {}).filter(
      (name) => ours.peerDependenciesMeta?.[name]?.optional !== true,
    );
    expect(required).toEqual(["@opentelemetry/api"]);
  });

  it("have no upper end where they are clients and frameworks, so that a new major installs", () => {
    const ranges = Object.entries(ours.peerDependencies ?? {}).filter(
      ([name]) => !["@opentelemetry/api", "pg"].includes(name),
    );
    expect(ranges.filter(([, range]) => /[\^~<]/.test(range))).toEqual([]);
  });
});

describe("the SDK that we bring", () => {
  const sdk = Object.keys(ours.dependencies ?? {}).filter((name) => name.startsWith("@opentelemetry/"));

  it("is a dependency and no peer, so that a program's own of another major stands beside it", () => {
    const peers = Object.keys(ours.peerDependencies ?? {});
    expect(peers.filter((name) => name.startsWith("@opentelemetry/"))).toEqual(["@opentelemetry/api"]);
    expect(sdk).toContain("@opentelemetry/sdk-trace");
  });

  it("asks its users for no package but the API", () => {
    const peers = sdk.flatMap((name) => Object.keys(read(`node_modules/${name}`).peerDependencies ?? {}));
    expect([...new Set(peers)].filter((peer) => !sdk.includes(peer))).toEqual(["@opentelemetry/api"]);
  });

  it("is not among what a program loads that has an SDK of its own", () => {
    const importers = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .filter((file) =>
        /^import (?!type).*"@opentelemetry\/(sdk|resources|exporter)/m.test(
          readFileSync(join(root, "src", file), "utf8"),
        ),
      )
      .filter((file) => !/^(pipeline|testing|cli|server)\//.test(file));
    expect(importers).toEqual([]);
  });
});

it.each([[], ["../../../src/register.ts"], ["../../../src/sdk.ts"]])(
  "a program with an API of 1.9 runs with us in it, and with an SDK of its own (%s)",
  async (...more) => {
    const preload = more.map((file) => new URL(`fixtures/${file}`, import.meta.url).href);
    const imports = [new URL("fixtures/api-1-9.mjs", import.meta.url).href, ...preload];
    const file = new URL("fixtures/one-agent.ts", import.meta.url).href;
    const env = {
      NODE_OPTIONS: imports.map((url) => `--import=${url}`).join(" "),
      AGENT_OTEL_SDK: "external",
    };
    using program = runProgram(file, [], env);
    expect(await program.ended).toMatchObject({
      code: 0,
      stdout: "chat\ninvoke_agent\nlogs in the API: false\n",
    });
  },
);

it("would be seen to conflict: a peer on an SDK of one major refuses the other", () => {
  expect([admits("^2.0.0", "2.9.0"), admits("^2.0.0", "3.1.0")]).toEqual([true, false]);
});
