import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { VERSION } from "../../src/internal/version.ts";
import { root } from "./source-files.ts";

interface Manifest {
  readonly version: string;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly dev?: boolean }>>;
};
const targets = Object.entries(manifest.exports).flatMap(([entry, target]) =>
  typeof target === "string" ? [[entry, target]] : Object.values(target).map((file) => [entry, file]),
);

describe("package", () => {
  it.each([...targets, ...Object.entries(manifest.bin)])("%s is built as %s", (_, file) => {
    expect(existsSync(join(root, file!))).toBe(true);
  });

  it("has one version, on our instrumentation scope as in package.json", () => {
    expect(VERSION).toBe(manifest.version);
  });

  it("runs no install scripts at its users", () => {
    const hooks = ["preinstall", "install", "postinstall", "prepare"];
    expect(Object.keys(manifest.scripts).filter((name) => hooks.includes(name))).toEqual([]);
  });

  it("pins OpenTelemetry to one exact set", () => {
    const ranges = Object.entries(manifest.dependencies).filter(([name]) =>
      name.startsWith("@opentelemetry/"),
    );
    expect(ranges.filter(([, range]) => !/^\d+\.\d+\.\d+$/.test(range))).toEqual([]);
  });

  it("installs one copy of sdk-trace", () => {
    const copies = Object.keys(lock.packages).filter((path) =>
      path.endsWith("node_modules/@opentelemetry/sdk-trace"),
    );
    expect(copies).toEqual(["node_modules/@opentelemetry/sdk-trace"]);
  });

  it("has a reason in docs/decisions.md for each dependency", () => {
    const decisions = readFileSync(join(root, "docs/decisions.md"), "utf8");
    expect(Object.keys(manifest.dependencies).filter((name) => !decisions.includes(`\`${name}\``))).toEqual(
      [],
    );
  });
});
