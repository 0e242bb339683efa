import { left, whole } from "./expected.ts";
import type { Way } from "./scene.ts";
import { seeAll, seeBeginning, seeOutcome } from "./see.ts";
import { EARLY_EVENTS } from "./wire.ts";

/** Ways of reading a stream, and of going away from it by the means of the language. */
export const streamWays: readonly Way[] = [
  {
    name: "end",
    server: "all",
    play: async (scene) => seeAll(scene, await scene.stream()),
    expected: whole,
  },
  {
    name: "break",
    server: "begin",
    async play(scene) {
      const stream = await scene.stream();
      for await (const item of stream) {
        scene.see(item);
        break;
      }
      scene.see(stream.controller.signal.aborted);
    },
    expected: left,
  },
  {
    name: "break at the last item",
    server: "all",
    async play(scene) {
      for await (const item of await scene.stream()) {
        const text = JSON.stringify(item);
        scene.see(item);
        if (/"finish_reason":"stop"|"response.completed"|"stop_reason":"end_turn"/.test(text)) break;
      }
    },
    expected: ({ lastTokens, finish }) => ({ tokens: lastTokens, finish, cancelled: "as without" }),
  },
  {
    name: "return()",
    server: "begin",
    async play(scene) {
      const items = (await scene.stream())[Symbol.asyncIterator]();
      await seeBeginning(scene, items, 2);
      scene.see(await items.return?.("bye"));
      scene.see(await items.next());
    },
    expected: left,
  },
  {
    name: "return() before next()",
    server: "begin",
    async play(scene) {
      const stream = await scene.stream();
      const items = stream[Symbol.asyncIterator]();
      scene.see(await items.return?.());
      scene.see(stream.controller.signal.aborted);
    },
    // The generator has not begun, so neither the client nor, with openai 7, anything of ours learns of it.
    expected: () => ({ finish: "error", cancelled: "as without", late: true }),
  },
  {
    name: "throw",
    server: "begin",
    async play(scene) {
      const mine = new Error("mine");
      try {
        for await (const item of await scene.stream()) {
          scene.see(item);
          throw mine;
        }
      } catch (error) {
        scene.see(error === mine);
      }
    },
    expected: left,
  },
  {
    name: "throw()",
    server: "begin",
    async play(scene) {
      const mine = new Error("mine");
      const items = (await scene.stream())[Symbol.asyncIterator]();
      await seeBeginning(scene, items, 2);
      await items.throw?.(mine).catch((error: unknown) => scene.see(error === mine));
      scene.see(await items.next());
    },
    // Chat streams of openai 7 pass it on as a return().
    expected: (facts) => ({ ...left(facts), failed: "either" }),
  },
  {
    name: "abort before response",
    server: "silent",
    async play(scene) {
      const caller = new AbortController();
      const seen = seeOutcome(scene, scene.stream({ signal: caller.signal }));
      await scene.reached;
      caller.abort();
      await seen;
    },
    expected: () => ({ finish: "error", failed: true, cancelled: true }),
  },
  {
    name: "abort before first chunk",
    server: "head",
    async play(scene) {
      const caller = new AbortController();
      const seen = seeAll(scene, await scene.stream({ signal: caller.signal }));
      caller.abort();
      await seen;
    },
    expected: () => ({ finish: "error", cancelled: true }),
  },
  {
    name: "abort unread",
    server: "begin",
    async play(scene) {
      const stream = await scene.stream();
      stream.controller.abort();
      scene.see(Object.keys(stream));
    },
    expected: () => ({ finish: "error", cancelled: true }),
  },
  {
    name: "abort in the middle, by the caller's signal",
    server: "begin",
    async play(scene) {
      const caller = new AbortController();
      const items = (await scene.stream({ signal: caller.signal }))[Symbol.asyncIterator]();
      await seeBeginning(scene, items);
      const next = seeOutcome(scene, items.next());
      caller.abort();
      await next;
    },
    expected: left,
  },
  {
    name: "abort in the middle, by the stream's controller",
    server: "begin",
    async play(scene) {
      const stream = await scene.stream();
      let count = 0;
      for await (const item of stream) {
        scene.see(item);
        count += 1;
        if (count === EARLY_EVENTS) stream.controller.abort();
      }
      scene.see(stream.controller.signal.aborted);
    },
    expected: left,
  },
  {
    name: "never read",
    server: "all",
    play: async (scene) => scene.drop(await scene.stream()),
    expected: () => ({ finish: "error", cancelled: "as without", late: true }),
  },
  {
    name: "never awaited",
    server: "all",
    play: async (scene) => scene.drop(scene.stream()),
    expected: () => ({ finish: "error", cancelled: "as without", late: true }),
  },
];
