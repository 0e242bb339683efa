import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { served } from "./support/served.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const docs = readFileSync(join(root, "docs/rest.md"), "utf8");

describe("docs/rest.md", () => {
  it("has each endpoint, and none that is not there", async () => {
    const { body } = await served().ask("openapi.json");
    const there = Object.entries<Record<string, unknown>>(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace("/api/agents/", "")}`),
    );
    const told = [...docs.matchAll(/^\| `((?:GET|POST) [^`?]+)[^`]*` +\|/gm)].map(([, endpoint]) => endpoint);
    expect(told.sort()).toEqual(there.sort());
  });

  it("names each parameter of each endpoint", async () => {
    const { body } = await served().ask("openapi.json");
    const operations = Object.values<Record<string, { parameters?: { name: string; in: string }[] }>>(
      body.paths,
    ).flatMap((methods) => Object.values(methods));
    const names = operations.flatMap(({ parameters = [] }) => parameters.map(({ name }) => name));
    expect([...new Set(names)].filter((name) => !new RegExp(`\\b${name}\\b`).test(docs))).toEqual([]);
  });

  it("shows a problem as it is answered", async () => {
    const [, shown] = /```json\n([\s\S]*?)```/.exec(docs)!;
    expect((await served().ask("token-stats?period=yearly")).body).toEqual(JSON.parse(shown!));
  });
});
