import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";

const testing = new URL("../../src/testing/index.ts", import.meta.url).href;

it("leaves nothing behind that keeps a program alive", async () => {
  const folder = await temporaryFolder();
  const program = join(folder, "program.mjs");
  await writeFile(
    program,
    `import { recordProvider, scriptedProvider, SpanRecorder } from ${JSON.stringify(testing)};
    const real = await scriptedProvider();
    const file = ${JSON.stringify(join(folder, "recording.json"))};
    const recorder = new SpanRecorder();
    for (const mode of ["record", "replay"]) {
      const provider = await recordProvider({ upstream: real.url, file, mode });
      const body = JSON.stringify({ model: "m", messages: [] });
      const answer = await fetch(provider.url + "/v1/chat/completions", { method: "POST", body });
      console.log(mode, (await answer.json()).choices[0].message.content);
      await provider.close();
    }
    await recorder.settled();
    recorder.stop();
    await real.close();`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 20_000 });
  expect(stdout).toBe("record ok\nreplay ok\n");
});

it("gives matchers to the assertions of other runners", async () => {
  const folder = await temporaryFolder();
  const program = join(folder, "program.test.mjs");
  await writeFile(
    program,
    `import assert from "node:assert/strict";
    import { test } from "node:test";
    import { SpanRecorder, toHaveCalled, toFollowPath } from ${JSON.stringify(testing)};
    import { agent } from ${JSON.stringify(new URL("../../src/index.ts", import.meta.url).href)};
    test("calls the writer", () => {
      const recorder = new SpanRecorder();
      agent("writer", () => {})();
      const called = toHaveCalled(recorder, "writer");
      assert.ok(called.pass, called.message());
      const path = toFollowPath(recorder, ["editor"]);
      assert.throws(() => assert.ok(path.pass, path.message()), /to follow the path editor: it was writer/);
      recorder.stop();
    });`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, ["--test", "--test-reporter=tap", program], {
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(NODE_|VITEST)/.test(name))),
    timeout: 20_000,
  });
  expect(stdout).toMatch(/^# pass 1$/m);
});
