import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { examine, project, theFinding } from "./project.ts";

const REGISTER = ["--import", "agent-otel/register"];
const SPAN = 'import { trace } from "@opentelemetry/api";\ntrace.getTracer("app").startSpan("work").end();\n';

/** Runs a file of the folder, as `cd folder && node …` would. */
const program = (folder: string, ...args: readonly string[]) => ({
  program: ["env", "-C", folder, process.execPath, ...args],
});

describe("agent-otel doctor, of a program", () => {
  it("finds nothing wrong with one that is started as it should be, and counts its spans", async () => {
    const folder = await project({ "app.mjs": `import OpenAI from "openai";\n${SPAN}` });
    const { code, report } = await examine(folder, program(folder, ...REGISTER, "app.mjs"));
    expect(report.findings).toEqual([]);
    expect(code).toBe(0);
    expect(report.checks.at(-1)).toMatchObject({
      check: "program",
      outcome: "ok",
      detail: "openai; 1 span, 1 of them sampled",
    });
  });

  it("finds nothing wrong with a client that is required, nor with register that is", async () => {
    const folder = await project({ "app.cjs": 'require("openai");\n' });
    for (const option of ["--import", "--require"]) {
      const asked = program(folder, option, "agent-otel/register", "app.cjs");
      expect((await examine(folder, asked)).codes).toEqual([]);
    }
  });

  it("finds that register was not loaded", async () => {
    const folder = await project();
    expect(await theFinding(folder, program(folder, "app.mjs"))).toMatchObject({
      code: "register_missing",
      message: "openai is loaded, and agent-otel/register is not",
    });
  });

  it.each([
    ["late.mjs", 'import "agent-otel/register";\nimport OpenAI from "openai";\n'],
    ["late.cjs", 'require("openai");\nrequire("agent-otel/register");\n'],
  ])("finds that register was loaded too late: %s", async (name, code) => {
    const folder = await project({ [name]: code });
    expect(await theFinding(folder, program(folder, name))).toMatchObject({
      code: "register_too_late",
      message: `openai is loaded before agent-otel/register, which ${join(folder, name)} imports`,
    });
  });

  it("finds what another --import has loaded before register", async () => {
    const folder = await project({ "setup.mjs": 'import "openai";\n', "app.mjs": "" });
    const asked = program(folder, "--import", "./setup.mjs", ...REGISTER, "app.mjs");
    expect(await theFinding(folder, asked)).toMatchObject({
      code: "register_too_late",
      message: "openai is loaded before agent-otel/register, by what stands before it",
    });
  });

  it("finds an SDK that the program registers beside ours", async () => {
    const folder = await project({
      "app.mjs":
        'import { NodeSDK } from "@opentelemetry/sdk-node";\nnew NodeSDK({ spanProcessors: [] }).start();\n',
    });
    expect(await theFinding(folder, program(folder, ...REGISTER, "app.mjs"))).toMatchObject({
      code: "two_sdks",
      message: "the program registers an SDK of its own beside that of agent-otel",
    });
  });

  it("finds that the program has no SDK although it says so", async () => {
    const folder = await project();
    const asked = { ...program(folder, ...REGISTER, "app.mjs"), env: { AGENT_OTEL_SDK: "external" } };
    expect((await theFinding(folder, asked)).code).toBe("not_started");
  });

  it("looks at the variables that the program has, not at its own", async () => {
    const folder = await project({ "app.mjs": SPAN, ".env": "OTEL_TRACES_SAMPLER=always_off\n" });
    const asked = program(folder, "--env-file=.env", ...REGISTER, "app.mjs");
    const { report } = await examine(folder, asked);
    expect(report.findings.map(({ code, message }) => [code, message])).toEqual([
      ["nothing_sent", "OTEL_TRACES_SAMPLER=always_off drops every trace that begins here"],
      ["nothing_sent", "1 span made, and the sampler kept none"],
    ]);
  });

  it("finds through npm and a shell what the program does", async () => {
    const folder = await project({ "app.mjs": `import "openai";\n${SPAN}` });
    const { report } = await examine(folder, {
      program: ["sh", "-c", `cd ${folder} && npm --silent start && true`],
    });
    expect(report.findings).toEqual([]);
    expect(report.checks.at(-1)?.detail).toBe("openai; 1 span, 1 of them sampled");
  });

  it("ends a program that would go on, with all that it has started", async () => {
    const folder = await project({
      "app.mjs": `import "openai";\nimport { spawn } from "node:child_process";\n${SPAN}
        spawn("sleep", ["60"]);\nprocess.on("SIGTERM", () => {});\nsetInterval(() => {}, 1_000);\n`,
    });
    const started = performance.now();
    const asked = program(folder, ...REGISTER, "app.mjs");
    const { codes, report } = await examine(folder, { ...asked, args: ["--seconds", "2"] });
    expect(codes).toEqual([]);
    expect(report.checks.at(-1)?.detail).toBe("openai; 1 span, 1 of them sampled");
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it("says so where the program is no Node.js, cannot be run, or fails", async () => {
    const folder = await project();
    expect((await theFinding(folder, { program: ["true"] })).code).toBe("program_not_seen");
    await expect(examine(folder, { program: ["no-such-program"] })).rejects.toThrow(
      "cannot run no-such-program: ",
    );
    const failing = await examine(folder, program(folder, ...REGISTER, "--eval", "process.exit(3)"));
    expect(failing.err).toContain("the program ended with 3");
  });
});
