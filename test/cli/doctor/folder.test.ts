import { mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { CLIENT_PACKAGES } from "../../../src/cli/commands/doctor/clients/known-clients.ts";
import { doctorCommand } from "../../../src/cli/commands/doctor.ts";
import { runCommand } from "../support/run-command.ts";
import { examine, project, theFinding } from "./project.ts";

const CONTENT = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";

const script = (start: string) => JSON.stringify({ name: "app", type: "module", scripts: { start } });
const installed = (name: string, version: string) => JSON.stringify({ name, version, main: "index.js" });

describe("agent-otel doctor, of a folder", () => {
  it("finds nothing where all is as it should be, and sends one empty request for each signal", async () => {
    const { code, report, requests } = await examine(await project());
    expect(report.findings).toEqual([]);
    expect(code).toBe(0);
    expect(report.checks.filter(({ outcome }) => outcome === "ok").map(({ check }) => check)).toEqual([
      "versions",
      "environment",
      "register",
      "clients",
      "bundles",
      "copies",
      "endpoint",
      "sampling",
      "content",
    ]);
    expect(requests.map(({ path, body }) => [path, body]).toSorted()).toEqual([
      ["/v1/metrics", ""],
      ["/v1/traces", ""],
    ]);
  });

  it("writes nothing into the folder", async () => {
    const folder = await project();
    const before = readdirSync(folder, { recursive: true });
    await examine(folder, { env: { AGENT_OTEL_SPOOL_DIR: "spool/of/spans" } });
    expect(readdirSync(folder, { recursive: true })).toEqual(before);
  });

  it("tries every client that the hooks know", () => {
    const shims = readdirSync(new URL("../../../src/instrumentation/shims", import.meta.url));
    expect(CLIENT_PACKAGES).toHaveLength(shims.length - ["pino", "winston"].length);
  });

  it("finds an import of register beside that of a client, which is found before register runs", async () => {
    const folder = await project({
      "package.json": script("node app.mjs"),
      "app.mjs": 'import "agent-otel/register";\nimport { ask } from "./ask.mjs";\nask();\n',
      "ask.mjs": 'import OpenAI from "openai";\nexport const ask = () => new OpenAI({ apiKey: "none" });\n',
    });
    expect(await theFinding(folder)).toMatchObject({
      code: "register_too_late",
      message:
        "app.mjs: openai is loaded before agent-otel/register, which is imported by the program itself",
      fix: "start it with node --import agent-otel/register app.mjs",
    });
  });

  it("finds a require of register behind that of a client, and has nothing against one before", async () => {
    const late = 'const OpenAI = require("openai");\nrequire("agent-otel/register");\n';
    const first = 'require("agent-otel/register");\nconst OpenAI = require("openai");\n';
    const files = { "package.json": script("node app.cjs"), "app.mjs": "" };
    expect(await theFinding(await project({ ...files, "app.cjs": late }))).toMatchObject({
      code: "register_too_late",
    });
    expect((await examine(await project({ ...files, "app.cjs": first }))).codes).toEqual([]);
  });

  it("has nothing against a module that imports register alone, and the rest when its turn comes", async () => {
    const folder = await project({
      "package.json": script("node start.mjs"),
      "start.mjs": 'import "agent-otel/register";\nawait import("./app.mjs");\n',
    });
    expect((await examine(folder)).codes).toEqual([]);
  });

  it.each([
    ["node app.mjs", "nothing in this folder loads agent-otel/register, or starts agent-otel in code"],
    [
      "node app.mjs --import agent-otel/register",
      "script start: --import stands behind the program's file, where Node does not read it",
    ],
    ["node --import agent-otel app.mjs", "script start: loads agent-otel, which starts nothing"],
  ])("finds that register is not loaded by: %s", async (start, message) => {
    const finding = await theFinding(await project({ "package.json": script(start) }));
    expect(finding).toMatchObject({ code: "register_missing", message });
  });

  it("takes NODE_OPTIONS, a Dockerfile and a file of one's own for ways to load register", async () => {
    const files = { "package.json": script("node app.mjs") };
    const options = { NODE_OPTIONS: "--import agent-otel/register" };
    expect((await examine(await project(files), { env: options })).codes).toEqual([]);
    const docker = { Dockerfile: 'CMD ["node", "--import", "agent-otel/register", "app.mjs"]\n' };
    expect((await examine(await project({ ...files, ...docker }))).codes).toEqual([]);
    const own = {
      "package.json": script("node --import ./setup.mjs app.mjs"),
      "setup.mjs": 'import "agent-otel/register";\n',
    };
    expect((await examine(await project(own))).codes).toEqual([]);
  });

  it("finds a client of a version that the hooks do not know", async () => {
    const folder = await project({
      "node_modules/ollama/package.json": installed("ollama", "9.0.0"),
      "node_modules/ollama/index.js": "exports.Ollama = class {};",
    });
    expect(await theFinding(folder)).toMatchObject({
      code: "client_not_patched",
      message:
        "ollama 9.0.0: version 9 of ollama is not known: calls of programs that import it make no spans; " +
        "this version of ollama has none of the methods that are known: its calls make no spans",
    });
  });

  it("finds a client without the methods that are known", async () => {
    const folder = await project(
      {
        "node_modules/openai/package.json": installed("openai", "3.3.0"),
        "node_modules/openai/index.js": "exports.OpenAIApi = class {};",
      },
      ["@opentelemetry/api"],
    );
    expect(await theFinding(folder)).toMatchObject({
      code: "client_not_patched",
      message: expect.stringContaining("openai 3.3.0: this version of openai has none of the methods"),
    });
  });

  it("finds a client inside a bundle, unless the program observes it", async () => {
    const code = 'const headers = { "X-Stainless-Lang": "js" }, base = "https://api.openai.com/v1";\n';
    const finding = await theFinding(await project({ "dist/app.js": code }));
    expect(finding).toMatchObject({
      code: "client_bundled",
      message: "dist/app.js: openai is inside, where no hook sees it",
    });
    const observed = `import { observe } from "agent-otel";\n${code}observe(client);\n`;
    expect((await examine(await project({ "dist/app.js": observed }))).codes).toEqual([]);
  });

  it("finds copies of the API of different versions, and not those of one", async () => {
    const nested = "node_modules/lib/node_modules/@opentelemetry/api/package.json";
    const other = await project({ [nested]: installed("@opentelemetry/api", "1.4.0") });
    expect(await theFinding(other)).toMatchObject({
      code: "several_copies",
      message: expect.stringContaining("@opentelemetry/api is there as 1.10.0 and 1.4.0"),
    });
    const same = await project({ [nested]: installed("@opentelemetry/api", "1.10.0") });
    expect((await examine(same)).codes).toEqual([]);
  });

  it("finds a second SDK in the command line", async () => {
    const start = "node --import agent-otel/register --require dd-trace/init app.mjs";
    const folder = await project({ "package.json": script(start) });
    expect(await theFinding(folder)).toMatchObject({
      code: "two_sdks",
      message: "start starts an SDK with dd-trace/init beside that of agent-otel/register",
    });
    expect((await examine(folder, { env: { AGENT_OTEL_SDK: "external" } })).codes).toEqual([]);
  });

  it.each([
    [{ OTEL_SDK_DISABLED: "true" }, /^OTEL_SDK_DISABLED=true/],
    [{ OTEL_TRACES_EXPORTER: "none" }, /^OTEL_TRACES_EXPORTER=none/],
    [{ OTEL_TRACES_SAMPLER: "always_off" }, /^OTEL_TRACES_SAMPLER=always_off drops/],
    [{ OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "0" }, /with OTEL_TRACES_SAMPLER_ARG=0/],
  ])("finds that nothing is sent: %j", async (env, message) => {
    const finding = await theFinding(await project(), { env });
    expect(finding.code).toBe("nothing_sent");
    expect(finding.message).toMatch(message);
  });

  it("finds a variable that would end the program, in the words of start", async () => {
    const finding = await theFinding(await project(), { env: { OTEL_BSP_MAX_QUEUE_SIZE: "many" } });
    expect(finding).toMatchObject({
      code: "bad_configuration",
      message: expect.stringMatching(/^OTEL_BSP_MAX_QUEUE_SIZE must be a whole number .* got \\?"many\\?"$/),
    });
  });

  it("finds Node, the package and a peer of versions that do not fit", async () => {
    const files = {
      "node_modules/agent-otel/package.json": installed("agent-otel", "0.0.1"),
      "node_modules/redis/package.json": installed("redis", "4.7.0"),
    };
    const { report } = await examine(await project(files), { nodeVersion: "v20.11.0" });
    expect(report.findings.map(({ code, message }) => [code, message])).toEqual([
      [
        "node_too_old",
        "Node v20.11.0 is too old: agent-otel needs >=22.15, and older ones cannot hook imports",
      ],
      ["several_copies", expect.stringContaining("the program gets agent-otel 0.0.1")],
      ["peer_version", "redis 4.7.0 does not fit: agent-otel works with >=5.0.0"],
    ]);
  });

  it("finds that prompts are recorded, by variable or by option, and lets it be where it is meant", async () => {
    const folder = await project();
    const env = { [CONTENT]: "true" };
    expect((await theFinding(folder, { env })).message).toBe(
      `${CONTENT}: prompts and answers are recorded (SPAN_AND_EVENT)`,
    );
    const ignored = await examine(folder, { env, args: ["--ignore", "content_capture"] });
    expect(ignored).toMatchObject({ code: 0, codes: [] });
    const option = 'import { start } from "agent-otel/start";\nstart({ captureContent: "SPAN_ONLY" });\n';
    expect(await theFinding(await project({ "setup.mjs": option }))).toMatchObject({
      code: "content_capture",
    });
  });

  it("finds a spool directory that cannot be used", async () => {
    const folder = await project({ "in-the-way": "a file" });
    for (const AGENT_OTEL_SPOOL_DIR of ["in-the-way", "in-the-way/below"]) {
      const finding = await theFinding(folder, { env: { AGENT_OTEL_SPOOL_DIR } });
      expect(finding).toMatchObject({
        code: "spool_unusable",
        message: expect.stringContaining("in-the-way"),
      });
    }
  });

  it("finds a spool directory whose spans are not delivered", async () => {
    const folder = await project();
    const owner = join(folder, "spool", "owner");
    mkdirSync(owner, { recursive: true, mode: 0o700 });
    const segment = join(owner, "1.seg");
    writeFileSync(segment, Buffer.alloc(1_048_576));
    const env = { AGENT_OTEL_SPOOL_DIR: join(folder, "spool") };
    expect((await examine(folder, { env })).codes).toEqual([]);
    utimesSync(segment, 1_700_000_000, 1_700_000_000);
    expect(await theFinding(folder, { env })).toMatchObject({
      code: "spool_growing",
      message: expect.stringMatching(/^1\.0 MiB of spans wait in .* since 2023-11-14T22:13:20/),
    });
  });

  it("finds a price file that is broken, or not there", async () => {
    const folder = await project({ "prices.json": '{ "gpt-4o": { "input": -1 } }' });
    for (const AGENT_OTEL_PRICES of ["prices.json", "nowhere.json"]) {
      const finding = await theFinding(folder, { env: { AGENT_OTEL_PRICES } });
      expect(finding).toMatchObject({
        code: "price_file",
        message: expect.stringContaining(AGENT_OTEL_PRICES),
      });
    }
  });

  it("finds a store that is newer than the package, or none at all", async () => {
    const folder = await project({ "text.db": "not a database" });
    const db = new DatabaseSync(join(folder, "newer.db"));
    db.exec(`PRAGMA application_id = ${0x414f544c}; PRAGMA user_version = 999`);
    db.close();
    for (const [AGENT_OTEL_DB, message] of [
      ["newer.db", "has schema version 999"],
      ["text.db", "is not a SQLite database"],
    ] as const) {
      const finding = await theFinding(folder, { env: { AGENT_OTEL_DB: join(folder, AGENT_OTEL_DB) } });
      expect(finding).toMatchObject({ code: "store_unusable", message: expect.stringContaining(message) });
    }
  });

  it("prints no header, password or control character", async () => {
    const folder = await project({
      "\u001b[31mapp.cjs": 'require("openai"); require("agent-otel/register");',
    });
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://jane:hunter2-password@127.0.0.1:1/base?key=query-secret",
      OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20header-secret-1,x-key=header-secret-2",
      OTEL_TRACES_SAMPLER: "header-secret-2",
      AGENT_OTEL_DB: "postgres://jane:database-password@db/app",
      OTEL_SERVICE_NAME: "a\u001b]0;owned\u0007",
    };
    const { out, err, codes } = await examine(folder, { env });
    expect(codes).toContain("bad_configuration");
    expect(out + err).not.toMatch(/hunter2|query-secret|header-secret|database-password/);
    expect(out.trimEnd()).not.toMatch(/\p{Cc}/u);
  });

  it.each([
    [["--seconds", "0"], "--seconds must be a whole number from 1 to 600"],
    [["--ignore", "everything"], "--ignore must be one of bad_configuration"],
    [["--"], "there is no program after --"],
    [["app.mjs", "--", "node", "app.mjs"], "give a FILE or a program after --"],
    [["a.mjs", "b.mjs"], "doctor takes one FILE"],
  ])("says what is wrong with %j", async (args, message) => {
    await expect(runCommand(doctorCommand, {}, args)).rejects.toThrow(message);
  });
});
