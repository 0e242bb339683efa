import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ScriptedProvider, scriptedProvider } from "../../src/testing/scripted-provider.ts";
import { root } from "../contract/source-files.ts";
import { CODE_BLOCKS, type CodeBlock } from "./code-blocks.ts";

// Inside the checkout, so that `agent-otel` and its dependencies resolve as they do for a user.
const folder = join(root, ".stack", `code-blocks-${process.pid}`);
const nameOf = ({ language }: CodeBlock, index: number) => `block-${index}.${language}`;

/** What serves until it is stopped has shown by then that it starts. */
const SERVES_MS = 1_500;

let provider: ScriptedProvider;

beforeAll(async () => {
  provider = await scriptedProvider();
  mkdirSync(folder, { recursive: true });
  for (const [index, block] of CODE_BLOCKS.entries())
    writeFileSync(join(folder, nameOf(block, index)), block.code);
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await provider.close();
});

describe("programs in the documents", () => {
  it("compile as they stand", () => {
    const config = {
      extends: "../../tsconfig.json",
      // Without this a block without imports would see the names of the others.
      compilerOptions: { moduleDetection: "force", jsx: "react-jsx" },
      include: ["*.ts", "*.tsx"],
      exclude: [],
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    const tsc = join(root, "node_modules/.bin/tsc");
    const { stdout } = spawnSync(tsc, ["-p", folder], { encoding: "utf8" });
    const named = stdout.replaceAll(
      /\S*block-(\d+)\.tsx?/g,
      (_, index: string) => CODE_BLOCKS[Number(index)]!.place,
    );
    expect(named).toBe("");
  });

  const runnable = CODE_BLOCKS.map((block, index) => ({ ...block, index })).filter(
    ({ notRun, language }) => notRun === undefined && language !== "tsx",
  );
  it.concurrent.each(runnable)("$place runs", async (block) => {
    const environment = {
      ...process.env,
      OPENAI_API_KEY: "none",
      OPENAI_BASE_URL: provider.openaiBaseUrl,
      ANTHROPIC_API_KEY: "none",
      ANTHROPIC_BASE_URL: provider.anthropicBaseUrl,
      OTEL_TRACES_EXPORTER: "none",
      OTEL_METRICS_EXPORTER: "none",
    };
    const args = ["--import", "agent-otel/register", nameOf(block, block.index)];
    const child = spawn(process.execPath, args, {
      cwd: folder,
      env: environment,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const serves = /\.listen\(|\bserve\(/.test(block.code);
    const stop = serves ? setTimeout(() => child.kill("SIGTERM"), SERVES_MS) : undefined;
    const [said, code] = await Promise.all([
      text(child.stderr),
      new Promise<number | null>((resolve) => child.once("exit", resolve)),
    ]);
    clearTimeout(stop);
    expect(code ?? (serves ? 0 : 1), `${block.code}\n${said}`).toBe(0);
  });
});
