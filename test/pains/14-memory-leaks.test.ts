import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import { scriptedProvider } from "../../src/testing/index.ts";
import { all, chatRequest, clientsOf } from "../instrumentation/support.ts";
import { runProgram } from "../pipeline/fixtures/run-program.ts";

// Telemetry keeps something of each call until its span ends or is exported, and of some calls neither ever happens.

const PROGRAM = new URL("fixtures/left-calls.ts", import.meta.url).href;
const MIB = 2 ** 20;

async function leftCalls(...args: string[]): Promise<{ readonly grown: number; readonly open: number }> {
  using program = runProgram(PROGRAM, args, { NODE_OPTIONS: "--expose-gc" });
  const { stdout } = await program.ended;
  return JSON.parse(stdout) as { grown: number; open: number };
}

it("a thousand calls that were left, aborted, never read or not sampled leave nothing in the heap", async () => {
  const { grown, open } = await leftCalls();
  expect(open).toBe(0);
  expect(grown).toBeLessThan(2 * MIB);
});

it("would be seen to leak: a map that is cleaned where a stream is read to its end", async () => {
  expect((await leftCalls("naive")).grown).toBeGreaterThan(3 * MIB);
});

it("a signal that lives as long as the server does not gather a listener for each call", async () => {
  await using provider = await scriptedProvider({ respond: () => ({ chunks: 3 }) });
  const { signal } = new AbortController();
  const { openai } = clientsOf(provider);
  const open = () => openai.chat.completions.create({ ...chatRequest, stream: true }, { signal });
  const listenersAfter = async (calls: number) => {
    for (let i = 0; i < calls; i++) {
      await all(await open());
      await openai.chat.completions.create(chatRequest, { signal });
    }
    return getEventListeners(signal, "abort").length;
  };
  expect(await listenersAfter(20)).toBeLessThanOrEqual(await listenersAfter(1));
});
