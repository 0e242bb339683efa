import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";
import { run } from "./run.ts";

const PACKAGES = fileURLToPath(new URL("../../node_modules/", import.meta.url));
const HASH = "-0123456789abcdef";

const ASK = `
  const url = process.env.PROVIDER_URL;
  const messages = [{ role: "user", content: "otters" }];
  await new OpenAI({ apiKey: "sk-test", baseURL: url + "/v1" }).chat.completions.create({ model: "gpt-5", messages });
  await new Anthropic({ apiKey: "sk-test", baseURL: url }).messages.create({ model: "claude-sonnet-5", max_tokens: 9, messages });`;

/** A program that names its clients as the output of Turbopack does: links to the packages, with a hash at the end of their names. */
async function program(file: string, hash: string): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of ["openai", "@anthropic-ai/sdk"]) {
    const link = join(folder, "node_modules", `${name}${hash}`);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(PACKAGES, name), link, "dir");
  }
  const load = file.endsWith(".cjs")
    ? `const OpenAI = require("openai${hash}"), Anthropic = require("@anthropic-ai/sdk${hash}"); (async () => {${ASK}})();`
    : `import OpenAI from "openai${hash}"; import Anthropic from "@anthropic-ai/sdk${hash}"; ${ASK}`;
  await writeFile(join(folder, file), load);
  return pathToFileURL(join(folder, file)).href;
}

describe("register, where Turbopack put a hash into the names of packages", () => {
  it.each(["app.mjs", "app.cjs"])("sees every call of %s", async (file) => {
    const { code, spans, diag } = await run("load-there.mjs", { args: [await program(file, HASH)] });
    expect([diag, code]).toEqual([[], 0]);
    expect(spans.map(({ name }) => name)).toEqual(["chat gpt-5", "chat claude-sonnet-5"]);
  });

  it.each(["-012345", "-0123456789abcdeg", "-0123456789ABCDEF"])(
    "leaves a package alone whose name goes on with %s",
    async (end) => {
      const { code, spans } = await run("load-there.mjs", { args: [await program("app.mjs", end)] });
      expect([code, spans]).toEqual([0, []]);
    },
  );
});
