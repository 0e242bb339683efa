import { beforeAll, describe, expect, it } from "vitest";
import { buildApp, visitApp } from "./next/next-app.ts";
import { installNext } from "./next/next-install.ts";

const [research, write] = [
  { name: "invoke_agent researcher", agent: "researcher" },
  { name: "invoke_agent writer", agent: "writer" },
];
const cost = expect.any(Number);
const EVERY_CALL = [
  { name: "chat gpt-5", agent: "researcher", cost },
  research,
  { name: "chat gpt-5-mini", agent: "writer", cost },
  write,
];

describe("an app of Next.js", () => {
  beforeAll(installNext);

  it.each([
    ["turbopack", 26_100],
    ["webpack", 26_101],
  ] as const)("has every span with instrumentation.ts and observe(), built by %s", async (bundler, port) => {
    const { spans, warnings, text, edge, requests } = await visitApp(
      buildApp(bundler, { bundler, types: bundler === "turbopack" }),
      {
        port,
      },
    );
    expect(spans).toMatchObject(EVERY_CALL);
    expect({ text, edge, requests, warnings }).toEqual({
      text: "they hold hands",
      edge: "edge",
      requests: 2,
      warnings: [],
    });
  });

  it("has every span with register alone, the client in serverExternalPackages", async () => {
    const app = buildApp("external", { bundler: "turbopack", byHand: false });
    const { spans, warnings } = await visitApp(app, { port: 26_102, register: true });
    expect(spans).toMatchObject(EVERY_CALL);
    expect(warnings).toEqual([]);
  });

  it("is told once by register that a client which is bundled cannot be seen", async () => {
    const options = { serverExternalPackages: ["agent-otel"], byHand: false } as const;
    const app = buildApp("bundled", { bundler: "turbopack", ...options });
    const { spans, warnings } = await visitApp(app, { port: 26_103, register: true });
    expect(spans).toMatchObject([research, write]);
    expect(warnings).toEqual([expect.stringContaining("serverExternalPackages")]);
    expect(warnings[0]).toContain("made no span");
  });
});
