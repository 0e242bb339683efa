import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";
import { chatRequest } from "./clients.ts";

const FACE = new URL("../../src/testing/scripted-provider.ts", import.meta.url).href;

/** Runs a program that has `scriptedProvider`. Its end is what these tests wait for; a process that hangs is killed. */
function program(source: string): ChildProcess {
  const whole = `import { scriptedProvider } from ${JSON.stringify(FACE)};\n${source}`;
  return spawn(process.execPath, ["--input-type=module", "--eval", whole], {
    stdio: ["pipe", "pipe", "inherit"],
    timeout: 4_000,
  });
}

it("lets the process end with unref, even while a client waits for an answer", async () => {
  const child = program(`
    process.stdin.resume(); // keeps the process alive until the test lets go of it
    const provider = await scriptedProvider({ unref: true, respond: () => ({ delayMs: 3_600_000 }) });
    console.log(provider.openaiBaseUrl);
    await provider.received(0);
    console.log("received");`);
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const baseUrl = (await lines.next()).value;
  const answer = fetch(`${baseUrl}/chat/completions`, { method: "POST", body: JSON.stringify(chatRequest) });
  const cut = expect(answer).rejects.toThrow();
  expect((await lines.next()).value).toBe("received");
  child.stdin!.end();
  expect(await once(child, "exit")).toEqual([0, null]);
  await cut;
});

it("lets the process end once it is closed, even where the script waits for hours", async () => {
  const child = program(`
    const provider = await scriptedProvider({ respond: () => ({ delayMs: 3_600_000 }) });
    const body = JSON.stringify({ model: "m" });
    fetch(provider.openaiBaseUrl + "/chat/completions", { method: "POST", body }).catch(() => {});
    await provider.received(0);
    await provider.close();`);
  expect(await once(child, "exit")).toEqual([0, null]);
});
